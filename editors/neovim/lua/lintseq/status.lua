--- What the server is doing, and why it is silent: for statuslines and for people.
local M = {}

---@class lintseq.Status
---@field state 'stopped'|'starting'|'loading'|'ready'|'busy'|'silent'
---@field reason string
M.current = { state = 'stopped', reason = 'no Python file has been opened', model = nil }

local function changed()
  vim.api.nvim_exec_autocmds('User', { pattern = 'LintseqStatus', modeline = false })
  vim.cmd.redrawstatus()
end

--- Show a state of this side's own: a server that is not there says nothing.
---@param state string
---@param reason string
function M.set(state, reason)
  M.current = { state = state, reason = reason, model = M.current.model }
  vim.schedule(changed)
end

--- The handler of the notification `lintseq/status`.
function M.notified(_, result)
  local model = result.model ~= vim.NIL and result.model or nil
  M.current = { state = result.state, reason = result.reason, model = model }
  changed()
end

--- One short text for a statusline: `LintSeq`, `LintSeq: suppressed: undefined name 'np'`.
---@param width integer|nil at most so many characters; 60 by default
---@return string
function M.text(width)
  local state, reason = M.current.state, M.current.reason
  if state == 'ready' and reason == '' then
    return 'LintSeq'
  end
  local words = 'LintSeq: ' .. (reason ~= '' and state == 'silent' and reason or state)
  if reason ~= '' and state ~= 'silent' then
    words = words .. ', ' .. reason
  end
  local most = width or 60
  return vim.fn.strchars(words) > most and vim.fn.strcharpart(words, 0, most - 1) .. '…' or words
end

local function lines(answer)
  local latency, counts = answer.latency, answer.counts
  local function ms(value)
    return value ~= nil and value ~= vim.NIL and ('%.0f ms'):format(value) or 'not measured yet'
  end
  local reason = answer.reason ~= '' and (': ' .. answer.reason) or ''
  return {
    ('LintSeq is %s%s'):format(answer.state, reason),
    ('model    %s'):format(answer.model ~= vim.NIL and answer.model or 'none'),
    ('latency  half of the answers within %s, 9 of 10 within %s'):format(ms(latency.p50), ms(latency.p90)),
    ('answers  %d shown, %d silent, %d too late, %d cancelled'):format(
      counts.shown,
      counts.silent,
      counts.stale,
      counts.cancelled
    ),
    answer.memory_mb ~= vim.NIL and ('memory   %.0f MB, with the model'):format(answer.memory_mb) or nil,
  }
end

--- Tell the user what the server says of itself.
function M.show()
  local client = require('lintseq.client')
  local running = client.get()
  if not running then
    return vim.notify(M.text(400))
  end
  client.request(running, 'lintseq/status', vim.NIL, function(problem, answer)
    local text = problem and { 'LintSeq: ' .. problem.message } or lines(answer)
    vim.notify(table.concat(text, '\n'))
  end)
end

return M
