--- One language server for the whole editor: started, attached, started again after a crash.
local config = require('lintseq.config')
local edit = require('lintseq.edit')
local say = require('lintseq.say').say
local server = require('lintseq.server')
local status = require('lintseq.status')
local M = {}

local NAME = 'lintseq'
-- A server that ran this long was well; what ended it then counts as a first time.
local WELL_AFTER_S = 60

local failures = 0
local started_at = 0
local is_wanted = false
local is_told = false
local attached = {} -- functions to call with (client, bufnr)

--- Call `listener(client, bufnr)` for every buffer that the server begins to serve.
function M.on_attach(listener)
  table.insert(attached, listener)
end

--- The server's client, if one runs; with a buffer, if it serves that one.
---@param bufnr integer|nil
---@return vim.lsp.Client|nil
function M.get(bufnr)
  return vim.lsp.get_clients({ name = NAME, bufnr = bufnr })[1]
end

--- Send a request; returns its number, or nil when the server is gone.
function M.request(client, method, params, handler, bufnr)
  local ok, id
  if vim.fn.has('nvim-0.11') == 1 then
    ok, id = client:request(method, params, handler, bufnr)
  else
    ok, id = client.request(method, params, handler, bufnr)
  end
  return ok and id or nil
end

--- Ask the server to end a request.
function M.cancel(client, id)
  if vim.fn.has('nvim-0.11') == 1 then
    client:cancel_request(id)
  else
    client.cancel_request(id)
  end
end

--- Run one of the server's commands; `done(result)` gets its answer.
function M.execute(client, command, arguments, done, bufnr)
  local params = { command = command, arguments = arguments }
  return M.request(client, 'workspace/executeCommand', params, function(problem, result)
    if problem then
      say(problem.message, vim.log.levels.WARN)
    elseif done then
      done(result)
    end
  end, bufnr)
end

local function root_of(bufnr)
  return vim.fs.root(bufnr, config.current.root_markers)
    or vim.fs.dirname(vim.api.nvim_buf_get_name(bufnr))
    or vim.uv.cwd()
end

local function capabilities()
  local able = vim.lsp.protocol.make_client_capabilities()
  able.textDocument.inlineCompletion = { dynamicRegistration = false }
  -- Neovim takes edits that name the version they are for, and refuses those for an older text.
  able.workspace.workspaceEdit.documentChanges = true
  -- Neovim 0.12 lists annotated edits in a message that has to be confirmed.
  able.workspace.workspaceEdit.changeAnnotationSupport = vim.NIL
  return able
end

local function served(bufnr)
  return vim.api.nvim_buf_is_loaded(bufnr)
    and vim.bo[bufnr].buftype == ''
    and vim.tbl_contains(config.current.filetypes, vim.bo[bufnr].filetype)
end

--- Start again in a while, each time longer, or give up and say so.
local function ended(code, signal)
  if not is_wanted then
    return status.set('stopped', '')
  end
  if os.time() - started_at >= WELL_AFTER_S then
    failures = 0
  end
  failures = failures + 1
  local why = ('the server ended by itself (status %d, signal %d)'):format(code, signal)
  if failures > config.current.restarts then
    is_wanted = false
    status.set('stopped', why .. '; :Lintseq log says more, :Lintseq restart tries again')
    say(why .. '; :Lintseq log says more', vim.log.levels.ERROR)
    return
  end
  local wait_ms = 250 * 2 ^ failures
  status.set('starting', why .. (', it is started again in %.1f s'):format(wait_ms / 1000))
  vim.defer_fn(function()
    if is_wanted then
      M.start()
    end
  end, wait_ms)
end

local function options(command, bufnr)
  local root = root_of(bufnr)
  return {
    name = NAME,
    cmd = command,
    root_dir = root,
    init_options = config.current.settings,
    settings = { lintseq = config.current.settings },
    capabilities = capabilities(),
    handlers = {
      ['lintseq/status'] = status.notified,
      ['window/showMessage'] = require('lintseq.say').shown,
      ['workspace/applyEdit'] = edit.apply_request,
    },
    on_init = function(client)
      edit.watch_actions(client)
      status.set('loading', 'the model is being loaded')
    end,
    on_attach = function(client, served_bufnr)
      -- Neovim's own display of inline completions would show everything twice.
      if vim.lsp.inline_completion then
        vim.lsp.inline_completion.enable(false, { client_id = client.id })
      end
      for _, listener in ipairs(attached) do
        listener(client, served_bufnr)
      end
    end,
    on_exit = vim.schedule_wrap(ended),
  }
end

local function is_ours(client)
  return client.name == NAME
end

--- Serve a buffer, from the server that runs or from a new one.
---@param bufnr integer
function M.attach(bufnr)
  if not served(bufnr) then
    return
  end
  local command, found = server.find()
  if not command then
    status.set('stopped', found)
    if not is_told then
      is_told = true
      say(found, vim.log.levels.WARN)
    end
    return
  end
  if not M.get() then
    started_at = os.time()
    status.set('starting', '')
  end
  is_wanted = true
  vim.lsp.start(options(command, bufnr), { bufnr = bufnr, reuse_client = is_ours })
end

--- Serve every open buffer that is of a wanted file type.
function M.start()
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    M.attach(bufnr)
  end
end

--- End the server, and leave it ended.
function M.stop()
  is_wanted = false
  for _, client in ipairs(vim.lsp.get_clients({ name = NAME })) do
    if vim.fn.has('nvim-0.11') == 1 then
      client:stop()
    else
      client.stop()
    end
  end
end

--- End the server and start it anew.
function M.restart()
  failures = 0
  M.stop()
  local tries = 0
  local function start()
    tries = tries + 1
    if M.get() and tries < 50 then
      return vim.defer_fn(start, 100)
    end
    M.start()
  end
  vim.defer_fn(start, 100)
end

--- Change settings of the server while it runs.
---@param settings table
function M.configure(settings)
  config.current.settings = vim.tbl_extend('force', config.current.settings, settings)
  local client = M.get()
  if not client then
    return
  end
  client.settings = { lintseq = config.current.settings }
  client.config.settings = client.settings
  local params = { settings = client.settings }
  if vim.fn.has('nvim-0.11') == 1 then
    client:notify('workspace/didChangeConfiguration', params)
  else
    client.notify('workspace/didChangeConfiguration', params)
  end
end

return M
