--- Shows the steps of a proposal: the next one in the text, all of them in a window below it.
local config = require('lintseq.config')
local M = {}

local namespace = vim.api.nvim_create_namespace('lintseq.steps')
local MOST_LINES = 14
local window, scratch = nil, nil

local function inserted_lines(edit)
  local text = edit.newText:gsub('^\n', ''):gsub('\n$', '')
  return vim.split(text, '\n')
end

--- The next step, as lines that are not there yet.
local function show_in_text(bufnr, step)
  vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  if not step then
    return
  end
  local count = vim.api.nvim_buf_line_count(bufnr)
  local change = (step.edit.documentChanges or {})[1]
  for _, edit in ipairs(change and change.edits or {}) do
    local line, is_above = edit.range.start.line, edit.range.start.character == 0
    if line >= count then
      line, is_above = count - 1, false
    end
    local lines = {}
    for _, text in ipairs(inserted_lines(edit)) do
      table.insert(lines, { { text, 'LintseqStep' } })
    end
    vim.api.nvim_buf_set_extmark(bufnr, namespace, line, 0, {
      virt_lines = lines,
      virt_lines_above = is_above,
      sign_text = '+',
      sign_hl_group = 'LintseqStep',
    })
  end
end

--- What the window says, and the highlight group of each line.
local function content(walk)
  local lines, groups = {}, {}
  local function add(line, group)
    table.insert(lines, line)
    table.insert(groups, group)
  end
  for index, step in ipairs(walk.steps) do
    local mark = index == 1 and '▸' or ' '
    add(mark .. ' ' .. step.label, 'LintseqStepTitle')
    for _, line in ipairs(vim.split(step.diff, '\n', { trimempty = true })) do
      local is_added = line:sub(1, 1) == '+' and line:sub(1, 3) ~= '+++'
      if is_added or line:sub(1, 2) == '@@' then
        add('    ' .. line, is_added and 'LintseqStep' or 'LintseqHint')
      end
    end
  end
  if #walk.steps == 0 then
    add('  no step is left', 'LintseqHint')
  end
  return lines, groups
end

local function hint()
  local keys, words = config.current.step_keys, {}
  for _, name in ipairs({ 'accept', 'accept_all', 'skip', 'undo', 'dismiss' }) do
    if keys[name] then
      table.insert(words, ('%s %s'):format(keys[name], (name:gsub('_', ' '))))
    end
  end
  return ' ' .. table.concat(words, ' · ') .. ' '
end

local function place(source, lines)
  local width = math.max(math.min(vim.api.nvim_win_get_width(source) - 4, 90), 30)
  return {
    relative = 'win',
    win = source,
    anchor = 'SW',
    row = vim.api.nvim_win_get_height(source),
    col = 1,
    width = width,
    height = math.min(#lines, MOST_LINES, math.max(vim.api.nvim_win_get_height(source) - 4, 3)),
    style = 'minimal',
    border = 'rounded',
    title = ' LintSeq ',
    footer = hint(),
  }
end

local function fill(lines, groups)
  vim.bo[scratch].modifiable = true
  vim.api.nvim_buf_set_lines(scratch, 0, -1, false, lines)
  vim.bo[scratch].modifiable = false
  vim.api.nvim_buf_clear_namespace(scratch, namespace, 0, -1)
  for row, group in ipairs(groups) do
    vim.api.nvim_buf_set_extmark(scratch, namespace, row - 1, 0, { line_hl_group = group })
  end
end

local function map_keys(actions)
  for name, key in pairs(config.current.step_keys) do
    if key then
      vim.keymap.set('n', key, actions[name], { buffer = scratch, nowait = true })
    end
  end
  vim.keymap.set('n', '<Esc>', actions.dismiss, { buffer = scratch, nowait = true })
  vim.keymap.set('n', '<CR>', actions.accept, { buffer = scratch, nowait = true })
end

--- Whether the window is open.
function M.is_open()
  return window ~= nil and vim.api.nvim_win_is_valid(window)
end

--- Show the steps that are ahead, and give the window the focus.
---@param walk { bufnr: integer, source: integer, steps: table[] }
---@param actions table<string, function> what the keys do
function M.show(walk, actions)
  show_in_text(walk.bufnr, walk.steps[1])
  local lines, groups = content(walk)
  if not M.is_open() then
    scratch = vim.api.nvim_create_buf(false, true)
    vim.bo[scratch].bufhidden = 'wipe'
    window = vim.api.nvim_open_win(scratch, true, place(walk.source, lines))
    vim.wo[window].cursorline = false
    vim.wo[window].wrap = false
    map_keys(actions)
  else
    vim.api.nvim_win_set_config(window, place(walk.source, lines))
  end
  fill(lines, groups)
  vim.api.nvim_win_set_cursor(window, { 1, 0 })
end

--- Take everything off the screen.
---@param bufnr integer
function M.close(bufnr)
  if M.is_open() then
    vim.api.nvim_win_close(window, true)
  end
  window, scratch = nil, nil
  if vim.api.nvim_buf_is_valid(bufnr) then
    vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  end
end

return M
