--- LintSeq for Neovim: what a user's configuration calls.
local client = require('lintseq.client')
local config = require('lintseq.config')
local ghost = require('lintseq.ghost')
local keys = require('lintseq.keys')
local say = require('lintseq.say').say
local status = require('lintseq.status')
local steps = require('lintseq.steps')
local M = {}

local HIGHLIGHTS = {
  LintseqGhost = 'Comment',
  LintseqHint = 'NonText',
  LintseqStep = 'DiffAdd',
  LintseqStepTitle = 'Title',
}

local is_set_up = false

local function set_highlights()
  for name, link in pairs(HIGHLIGHTS) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
end

--- Watch a buffer once: what is typed there is completed.
local function watch(bufnr)
  if vim.b[bufnr].lintseq_watched then
    return
  end
  vim.b[bufnr].lintseq_watched = true
  local group = vim.api.nvim_create_augroup('lintseq.buffer.' .. bufnr, { clear = true })
  local function on(events, action)
    vim.api.nvim_create_autocmd(events, {
      group = group,
      buffer = bufnr,
      callback = function()
        action()
      end,
    })
  end
  on('TextChangedI', ghost.changed)
  on('CursorMovedI', ghost.moved)
  on('InsertEnter', ghost.entered)
  on({ 'InsertLeave', 'BufLeave' }, ghost.leave)
  on({ 'CompleteChanged', 'TextChangedP' }, ghost.leave)
end

local function watch_files()
  local group = vim.api.nvim_create_augroup('lintseq', { clear = true })
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = config.current.filetypes,
    callback = function(event)
      client.attach(event.buf)
    end,
  })
  vim.api.nvim_create_autocmd('ColorScheme', { group = group, callback = set_highlights })
end

--- Begin: serve Python files, those that are open and those to come.
---@param options table|nil see lintseq.config, or :help lintseq-setup
function M.setup(options)
  if vim.fn.has('nvim-0.10') == 0 then
    return vim.notify('LintSeq needs Neovim 0.10 or newer', vim.log.levels.ERROR)
  end
  local problems = config.take(options or {})
  if #problems > 0 then
    say('setup(): ' .. table.concat(problems, '; '), vim.log.levels.WARN)
  end
  set_highlights()
  watch_files()
  if not is_set_up then
    is_set_up = true
    client.on_attach(function(_, bufnr)
      watch(bufnr)
      keys.set(bufnr)
    end)
  end
  client.start()
end

--- Whether setup() was called.
function M.is_set_up()
  return is_set_up
end

--- One short text for a statusline, with the reason when the server is silent.
---@param width integer|nil
---@return string
function M.status(width)
  return status.text(width)
end

--- The same as values: `{ state, reason, model }`.
function M.info()
  return vim.deepcopy(status.current)
end

--- Accept ghost text: 'all' (the default), 'word' or 'line'. False when nothing is shown.
function M.accept(how)
  return ghost.accept(how or 'all')
end

M.trigger = ghost.trigger
M.dismiss = ghost.dismiss
M.visible = ghost.text

function M.next()
  ghost.cycle(1)
end

function M.previous()
  ghost.cycle(-1)
end

--- Write the body of the function around the cursor; `test` names a test function it has to pass.
function M.implement(test)
  steps.start('implement', test and { test = test } or nil)
end

--- Look for the next edit anywhere in the file.
function M.next_edit()
  steps.start('nextEdit')
end

M.accept_step = steps.accept
M.accept_all_steps = steps.accept_all
M.skip_step = steps.skip
M.undo_step = steps.undo
M.dismiss_steps = steps.dismiss
M.cancel = steps.cancel

local function end_of_line(bufnr, line, encoding)
  local text = vim.api.nvim_buf_get_lines(bufnr, line, line + 1, false)[1] or ''
  return { line = line, character = require('lintseq.edit').width(text, encoding) }
end

--- Do what the words say, for the lines from `first` to `last` (from 1), or at the cursor.
---@param words string|nil nil: they are asked for
---@param first integer|nil
---@param last integer|nil
function M.instruct(words, first, last)
  if not words or words == '' then
    return vim.ui.input({ prompt = 'LintSeq, what to do: ' }, function(answer)
      if answer and answer ~= '' then
        M.instruct(answer, first, last)
      end
    end)
  end
  local more = { instruction = words }
  local server = client.get(0)
  if first and server then
    more.position = { line = first - 1, character = 0 }
    more['end'] = end_of_line(0, last - 1, server.offset_encoding)
  end
  steps.start('instruct', more)
end

--- Offer the quick fixes for an undefined name on the cursor's line.
function M.fix()
  vim.lsp.buf.code_action({ context = { only = { 'quickfix.lintseq' }, diagnostics = {} }, apply = true })
end

--- Import or define the undefined name under the cursor.
---@param what 'import'|'define'
function M.repair(what)
  local server = client.get(0)
  if not server then
    return say(status.text(400), vim.log.levels.WARN)
  end
  local place = vim.lsp.util.make_position_params(0, server.offset_encoding)
  client.execute(server, 'lintseq.' .. what, { place.textDocument.uri, place.position }, nil, 0)
end

--- Show nothing by itself for so many minutes (10 by default); 0 ends it.
---@param minutes number|nil
function M.snooze(minutes)
  local server = client.get()
  if not server then
    return say(status.text(400), vim.log.levels.WARN)
  end
  ghost.leave()
  client.execute(server, 'lintseq.snooze', minutes and { minutes } or {}, function(answer)
    local is_snoozed = type(answer['until']) == 'string'
    say(is_snoozed and status.current.reason or 'LintSeq is awake')
  end)
end

--- Change settings of the server while it runs: `set({ eagerness = 'low' })`.
M.set = client.configure

return M
