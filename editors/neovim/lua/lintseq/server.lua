--- Finds the command of the language server, or says where it was looked for.
local config = require('lintseq.config')
local M = {}

local PROGRAM = 'lintseq-server'

--- The folder with the programs of a virtual environment.
---@param venv string
---@return string
local function programs(venv)
  return venv .. (vim.fn.has('win32') == 1 and '/Scripts/' or '/bin/')
end

--- Where `:Lintseq install` puts the server.
---@return string
function M.managed_venv()
  return vim.fs.normalize(vim.fn.stdpath('data') .. '/lintseq/venv')
end

--- The checkout that this plugin is a part of, if it is.
---@return string|nil
local function checkout()
  local file = debug.getinfo(1, 'S').source:sub(2)
  local root = vim.fn.fnamemodify(vim.uv.fs_realpath(file) or file, ':p:h:h:h:h:h')
  return vim.fn.filereadable(root .. '/server/__main__.py') == 1 and root or nil
end

--- The places, the strongest first: what it is called, and the program there.
---@return { where: string, program: string }[]
function M.places()
  local places = {}
  local function add(where, venv)
    table.insert(places, { where = where, program = programs(vim.fs.normalize(venv)) .. PROGRAM })
  end
  if config.current.venv then
    add('the option venv', config.current.venv)
  end
  add('the environment of `:Lintseq install`', M.managed_venv())
  table.insert(places, { where = '$PATH', program = PROGRAM })
  if vim.env.VIRTUAL_ENV then
    add('$VIRTUAL_ENV', vim.env.VIRTUAL_ENV)
  end
  local root = checkout()
  if root then
    add('the checkout of this plugin', root .. '/.venv')
  end
  return places
end

--- The command of the server.
---@return string[]|nil command
---@return string where it was found, or why it was not
function M.find()
  local given = config.current.cmd
  if given then
    if type(given[1]) == 'string' and vim.fn.executable(given[1]) == 1 then
      return given, 'the option cmd'
    end
    return nil, ('the option cmd names %s, which cannot be run'):format(vim.inspect(given[1]))
  end
  local tried = {}
  for _, place in ipairs(M.places()) do
    if vim.fn.executable(place.program) == 1 then
      return { vim.fn.exepath(place.program) }, place.where
    end
    table.insert(tried, ('%s (%s)'):format(place.where, place.program))
  end
  return nil,
    ('%s was not found. Looked in: %s. Install it with `:Lintseq install`, or name it: setup({ cmd = … })'):format(
      PROGRAM,
      table.concat(tried, ', ')
    )
end

return M
