--- What can be set in setup(), with its defaults.
local M = {}

---@class lintseq.Config
M.defaults = {
  -- The command of the language server, as a list. nil: it is looked for, see server.lua.
  cmd = nil,
  -- A virtual environment in which the server is installed. nil: see server.lua.
  venv = nil,
  filetypes = { 'python' },
  root_markers = { 'pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt', '.git' },
  -- The server's own settings, see docs/settings.md: { eagerness = 'low', exclude = { … } }.
  settings = {},
  -- Whether ghost text appears by itself while you type.
  automatic = true,
  -- How long to wait after a key before asking. The server ends older requests by itself.
  debounce_ms = 30,
  -- How often a server that ended by itself is started again before giving up.
  restarts = 5,
  -- Insert mode, in the buffers that the server serves. false: no such key.
  keys = {
    accept = '<Tab>', -- only behind the first word of a line; in front of it, it indents
    accept_anywhere = '<M-l>',
    accept_word = '<M-Right>',
    accept_line = '<M-Down>',
    next = '<M-]>',
    previous = '<M-[>',
    dismiss = '<C-]>',
    trigger = '<M-\\>',
  },
  -- In the window that previews the steps of a proposal.
  step_keys = {
    accept = 'a',
    accept_all = 'A',
    skip = 's',
    undo = 'u',
    dismiss = 'q',
  },
}

local TYPES = {
  cmd = 'table',
  venv = 'string',
  filetypes = 'table',
  root_markers = 'table',
  settings = 'table',
  automatic = 'boolean',
  debounce_ms = 'number',
  restarts = 'number',
  keys = 'table',
  step_keys = 'table',
}

M.current = vim.deepcopy(M.defaults)

--- What is wrong with the options: one sentence each.
---@param options table
---@return string[]
function M.problems(options)
  local found = {}
  for name, value in pairs(options) do
    local wanted = TYPES[name]
    if wanted == nil then
      table.insert(found, ('no option is called %q'):format(name))
    elseif type(value) ~= wanted then
      table.insert(found, ('%s: wanted a %s, got %s'):format(name, wanted, vim.inspect(value)))
    end
  end
  for _, group in ipairs({ 'keys', 'step_keys' }) do
    local given = type(options[group]) == 'table' and options[group] or {}
    for name in pairs(given) do
      if M.defaults[group][name] == nil then
        table.insert(found, ('%s has no key for %q'):format(group, name))
      end
    end
  end
  table.sort(found)
  return found
end

--- Take the options that are right; the defaults stand in for the others.
---@param options table
---@return string[] what is wrong with the rest
function M.take(options)
  local problems = M.problems(options)
  local right = {}
  for name, value in pairs(options) do
    if type(value) == TYPES[name] then
      right[name] = value
    end
  end
  M.current = vim.tbl_deep_extend('force', vim.deepcopy(M.defaults), right)
  return problems
end

return M
