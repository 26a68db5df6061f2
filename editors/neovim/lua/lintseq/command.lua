--- `:Lintseq NAME …`: everything by name.
local M = {}

local EAGERNESS = { 'manual', 'low', 'normal', 'high' }

local function lintseq()
  return require('lintseq')
end

local function log_path()
  local log = vim.lsp.log
  return log and log.get_filename and log.get_filename() or vim.lsp.get_log_path()
end

local function run_server(arguments)
  local command, found = require('lintseq.server').find()
  if not command then
    return require('lintseq.say').say(found, vim.log.levels.WARN)
  end
  vim.cmd('botright new')
  local whole = vim.list_extend(vim.deepcopy(command), arguments)
  if vim.fn.has('nvim-0.11') == 1 then
    vim.fn.jobstart(whole, { term = true })
  else
    vim.fn.termopen(whole)
  end
end

local commands = {
  implement = function(call)
    lintseq().implement(call.words[1])
  end,
  next = function()
    lintseq().next_edit()
  end,
  instruct = function(call)
    local words = table.concat(call.words, ' ')
    if call.range > 0 then
      return lintseq().instruct(words, call.line1, call.line2)
    end
    lintseq().instruct(words)
  end,
  accept = function()
    lintseq().accept_step()
  end,
  ['accept-all'] = function()
    lintseq().accept_all_steps()
  end,
  skip = function()
    lintseq().skip_step()
  end,
  undo = function()
    lintseq().undo_step()
  end,
  dismiss = function()
    lintseq().dismiss_steps()
  end,
  cancel = function()
    lintseq().cancel()
  end,
  fix = function()
    lintseq().fix()
  end,
  import = function()
    lintseq().repair('import')
  end,
  define = function()
    lintseq().repair('define')
  end,
  snooze = function(call)
    lintseq().snooze(tonumber(call.words[1]))
  end,
  eagerness = function(call)
    lintseq().set({ eagerness = call.words[1] })
  end,
  enable = function()
    lintseq().set({ enabled = true })
  end,
  disable = function()
    require('lintseq.ghost').leave()
    lintseq().set({ enabled = false })
  end,
  status = function()
    require('lintseq.status').show()
  end,
  restart = function()
    require('lintseq.client').restart()
  end,
  stop = function()
    require('lintseq.client').stop()
  end,
  doctor = function()
    run_server({ 'doctor' })
  end,
  install = function(call)
    require('lintseq.install').run(call.words)
  end,
  log = function()
    vim.cmd.tabnew(vim.fn.fnameescape(log_path()))
  end,
}

--- Run what `:Lintseq` was called with.
---@param call table see nvim_create_user_command()
function M.run(call)
  local words = vim.deepcopy(call.fargs)
  local name = table.remove(words, 1)
  if not commands[name] then
    local names = vim.tbl_keys(commands)
    table.sort(names)
    local message = ('no command %q; there are %s'):format(name, table.concat(names, ', '))
    return require('lintseq.say').say(message, vim.log.levels.ERROR)
  end
  commands[name]({ words = words, range = call.range, line1 = call.line1, line2 = call.line2 })
end

--- What can stand at the end of the command line.
---@return string[]
function M.complete(lead, line)
  local is_first = line:match('^%s*%S*Lintseq%s+%S*$')
  local names = is_first and vim.tbl_keys(commands) or (line:match('eagerness%s') and EAGERNESS or {})
  names = vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, names)
  table.sort(names)
  return names
end

return M
