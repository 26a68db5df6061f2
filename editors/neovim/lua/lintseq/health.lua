--- `:checkhealth lintseq`.
local M = {}

local DOCTOR_MS = 60000

local function check_editor()
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.10') == 0 then
    return vim.health.error('Neovim ' .. version .. ' is too old', 'install Neovim 0.10 or newer')
  end
  vim.health.ok('Neovim ' .. version)
  if require('lintseq').is_set_up() then
    vim.health.ok('setup() was called')
  else
    vim.health.error('setup() was not called', "put require('lintseq').setup() into your configuration")
  end
end

local function check_server()
  local command, found = require('lintseq.server').find()
  if not command then
    vim.health.error(found)
    return nil
  end
  vim.health.ok(('the server: %s, from %s'):format(table.concat(command, ' '), found))
  return command
end

local function check_client()
  local client = require('lintseq.client').get()
  local status = require('lintseq.status').current
  local state = status.state .. (status.reason ~= '' and ': ' .. status.reason or '')
  if not client then
    return vim.health.warn('no server runs; ' .. state, 'open a Python file')
  end
  local buffers = vim.lsp.get_client_by_id(client.id).attached_buffers
  vim.health.ok(('the server runs for %d buffers; it is %s'):format(vim.tbl_count(buffers), state))
  vim.health.info('model: ' .. (status.model or 'none yet'))
end

--- What the server itself finds: Python, model, speed.
local function check_installation(command)
  local whole = vim.list_extend(vim.deepcopy(command), { 'doctor' })
  local ok, result = pcall(function()
    return vim.system(whole, { text = true, timeout = DOCTOR_MS }):wait()
  end)
  if not ok then
    return vim.health.error(tostring(result))
  end
  for _, line in ipairs(vim.split(result.stdout or '', '\n', { trimempty = true })) do
    if vim.startswith(line, 'ok') then
      vim.health.ok(vim.trim(line:sub(3)))
    else
      vim.health.warn(vim.trim((line:gsub('^!!', ''))))
    end
  end
  if result.code ~= 0 and (result.stdout or '') == '' then
    vim.health.error(('`%s` ended with status %d'):format(table.concat(whole, ' '), result.code), result.stderr)
  end
end

function M.check()
  vim.health.start('lintseq: the editor')
  check_editor()
  vim.health.start('lintseq: the server')
  local command = check_server()
  check_client()
  if command then
    vim.health.start('lintseq: the installation, as `lintseq-server doctor` sees it')
    check_installation(command)
  end
end

return M
