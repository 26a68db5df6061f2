--- `:Lintseq install`: the server in an environment of its own, under Neovim's data folder.
local server = require('lintseq.server')
local M = {}

local PACKAGE = 'lintseq'

local function python()
  for _, name in ipairs({ 'python3', 'python3.13', 'python3.12', 'python3.11', 'python' }) do
    if vim.fn.executable(name) == 1 then
      local asked = 'import sys; sys.exit(sys.version_info < (3, 11))'
      if vim.system({ name, '-c', asked }):wait().code == 0 then
        return name
      end
    end
  end
end

local function report(buffer, text)
  local lines = vim.split(text:gsub('\r', '\n'), '\n', { trimempty = true })
  if #lines > 0 and vim.api.nvim_buf_is_valid(buffer) then
    vim.api.nvim_buf_set_lines(buffer, -1, -1, false, lines)
    vim.api.nvim_buf_call(buffer, function()
      vim.cmd('normal! G')
    end)
  end
end

--- Run the commands one after the other; `done(is_well)` at the end.
local function in_turn(commands, buffer, done)
  local command = table.remove(commands, 1)
  if not command then
    return done(true)
  end
  report(buffer, '$ ' .. table.concat(command, ' '))
  local function said(_, text)
    if text then
      vim.schedule(function()
        report(buffer, text)
      end)
    end
  end
  vim.system(command, { stdout = said, stderr = said }, function(result)
    vim.schedule(function()
      if result.code ~= 0 then
        return done(false)
      end
      in_turn(commands, buffer, done)
    end)
  end)
end

--- Make the environment and install into it; the progress is shown in a window.
---@param what string[] arguments for pip, such as wheels; the package's name by default
---@param done fun(is_well: boolean)|nil
function M.run(what, done)
  local found = python()
  if not found then
    return vim.notify('LintSeq: no Python 3.11 or newer was found', vim.log.levels.ERROR)
  end
  local venv = server.managed_venv()
  local pip = { venv .. (vim.fn.has('win32') == 1 and '/Scripts/python' or '/bin/python'), '-m', 'pip', 'install' }
  local wanted = #what > 0 and vim.tbl_map(vim.fn.expand, what) or { PACKAGE }
  vim.cmd('botright 12new')
  local buffer = vim.api.nvim_get_current_buf()
  vim.bo[buffer].buftype, vim.bo[buffer].bufhidden = 'nofile', 'wipe'
  local commands = { { found, '-m', 'venv', venv }, vim.list_extend(pip, wanted) }
  in_turn(commands, buffer, function(is_well)
    local words = is_well and 'LintSeq is installed' or 'LintSeq could not be installed: see above'
    report(buffer, words)
    if is_well then
      require('lintseq.client').restart()
    end
    if done then
      done(is_well)
    end
  end)
end

return M
