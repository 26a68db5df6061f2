--- A proposal taken step by step: accept one or all, skip, undo. The server keeps track of them.
local client = require('lintseq.client')
local edit = require('lintseq.edit')
local preview = require('lintseq.preview')
local tell = require('lintseq.say').say
local M = {}

---@class lintseq.Walk
---@field id integer what the server calls the proposal
---@field bufnr integer
---@field source integer the window of the text
---@field steps table[] those that are ahead
---@field taken integer[]
---@field total integer
local walk = nil ---@type lintseq.Walk|nil
local asking = nil ---@type { client: vim.lsp.Client, id: integer }|nil
local actions

local function version_of(bufnr)
  return vim.lsp.util.buf_versions[bufnr]
end

--- How many steps are ahead and how many are in the text: `2, 1`.
function M.count()
  return walk and #walk.steps or 0, walk and #walk.taken or 0
end

--- Close the preview; what was accepted stays.
function M.dismiss()
  if walk then
    preview.close(walk.bufnr)
  end
end

--- End the request that is being computed.
function M.cancel()
  if asking then
    client.cancel(asking.client, asking.id)
    asking = nil
    tell('cancelled')
  end
end

local function offered(bufnr, source, answer)
  if type(answer.silent) == 'string' then
    return tell(answer.silent)
  end
  walk = {
    id = answer.id,
    bufnr = bufnr,
    source = source,
    steps = answer.steps,
    taken = {},
    total = #answer.steps,
  }
  vim.cmd.stopinsert()
  preview.show(walk, actions)
end

--- Ask for a proposal and show its steps.
---@param kind 'implement'|'nextEdit'|'instruct'
---@param more table|nil further parameters: position, end, instruction, test
function M.start(kind, more)
  M.dismiss()
  local bufnr, source = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  local asked = client.get(bufnr)
  if not asked then
    return tell(require('lintseq.status').text(400), vim.log.levels.WARN)
  end
  local place = vim.lsp.util.make_position_params(0, asked.offset_encoding)
  local params = vim.tbl_extend('force', {
    uri = place.textDocument.uri,
    version = version_of(bufnr),
    position = place.position,
    kind = kind,
  }, more or {})
  local id
  id = client.request(asked, 'lintseq/steps', params, function(problem, answer)
    asking = nil
    if problem then
      return tell(problem.message, vim.log.levels.WARN)
    end
    if vim.api.nvim_win_is_valid(source) and vim.api.nvim_buf_is_loaded(bufnr) then
      offered(bufnr, source, answer)
    end
  end, bufnr)
  asking = id and { client = asked, id = id }
end

local function moved(answer, server)
  if type(answer.silent) == 'string' then
    preview.close(walk.bufnr)
    walk = nil
    return tell(answer.silent)
  end
  if type(answer.edit) == 'table' then
    edit.apply(answer.edit, server)
  end
  walk.steps, walk.taken = answer.steps, answer.taken
  if #walk.steps > 0 then
    return preview.show(walk, actions)
  end
  preview.close(walk.bufnr)
  tell(('%d of %d steps are in the text; :Lintseq undo takes the last back'):format(#walk.taken, walk.total))
end

--- Ask the server for a move; the answer says what to apply and what is offered then.
local function move(method, step)
  local server = walk and client.get(walk.bufnr)
  if not server then
    return tell('no steps are offered')
  end
  local params = {
    uri = vim.uri_from_bufnr(walk.bufnr),
    version = version_of(walk.bufnr),
    id = walk.id,
    step = step,
  }
  client.request(server, method, params, function(problem, answer)
    if problem then
      return tell(problem.message, vim.log.levels.WARN)
    end
    if walk and walk.id == params.id then
      moved(answer, server)
    end
  end, walk.bufnr)
end

--- Put the next step into the text.
function M.accept()
  move('lintseq/accept')
end

--- Put all steps that are ahead into the text.
function M.accept_all()
  local last = walk and walk.steps[#walk.steps]
  move('lintseq/accept', last and last.number)
end

--- Leave the next step out, and those that need it.
function M.skip()
  move('lintseq/skip')
end

--- Take the step back that was accepted last.
function M.undo()
  move('lintseq/undo')
end

actions = {
  accept = M.accept,
  accept_all = M.accept_all,
  skip = M.skip,
  undo = M.undo,
  dismiss = M.dismiss,
}

return M
