--- Ghost text: asked for after every key, shown only for the exact text that it is for.
---
--- The server verifies and decides; this file shows, keeps up with the keys, and inserts. Typing
--- along trims what is shown at once and asks again; anything else takes it off the screen in the
--- same key stroke.
local client = require('lintseq.client')
local config = require('lintseq.config')
local M = {}

local INVOKED, AUTOMATIC = 1, 2
local namespace = vim.api.nvim_create_namespace('lintseq.ghost')

---@class lintseq.Shown
---@field bufnr integer
---@field row integer from 0
---@field before string the line up to the cursor
---@field after string the rest of the line
---@field count integer of lines in the buffer
---@field items { text: string, command: table|nil }[]
---@field index integer
---@field is_asked boolean whether the alternatives are there
local shown = nil ---@type lintseq.Shown|nil
local running = nil ---@type { client: vim.lsp.Client, id: integer }|nil
local timer = assert(vim.uv.new_timer())

local function here()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  return row - 1, line:sub(1, column), line:sub(column + 1)
end

local function is_inserting()
  return vim.api.nvim_get_mode().mode:sub(1, 1) == 'i'
end

local function render()
  local bufnr = shown.bufnr
  vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  local lines = vim.split(shown.items[shown.index].text, '\n')
  local below = {}
  for index = 2, #lines do
    -- The rest of the line stands behind the last line of the text.
    local tail = index == #lines and shown.after or ''
    table.insert(below, { { lines[index] .. tail, 'LintseqGhost' } })
  end
  vim.api.nvim_buf_set_extmark(bufnr, namespace, shown.row, #shown.before, {
    virt_text = { { lines[1], 'LintseqGhost' } },
    virt_text_pos = 'inline',
    virt_lines = #below > 0 and below or nil,
    hl_mode = 'combine',
  })
  if #shown.items > 1 then
    local count = (' %d/%d'):format(shown.index, #shown.items)
    vim.api.nvim_buf_set_extmark(bufnr, namespace, shown.row, 0, {
      virt_text = { { count, 'LintseqHint' } },
      virt_text_pos = 'eol',
    })
  end
end

--- Take the ghost text off the screen.
function M.clear()
  if shown and vim.api.nvim_buf_is_valid(shown.bufnr) then
    vim.api.nvim_buf_clear_namespace(shown.bufnr, namespace, 0, -1)
  end
  shown = nil
end

--- What is shown at the cursor, if anything.
---@return string|nil
function M.text()
  if not shown or shown.bufnr ~= vim.api.nvim_get_current_buf() then
    return nil
  end
  local row, before, after = here()
  local is_here = row == shown.row and before == shown.before and after == shown.after
  return is_here and shown.items[shown.index].text or nil
end

--- Which of how many alternatives is shown: `2, 3`; `0, 0` without ghost text.
function M.position()
  if not M.text() then
    return 0, 0
  end
  return shown.index, #shown.items
end

local function stop()
  timer:stop()
  if running then
    client.cancel(running.client, running.id)
    running = nil
  end
end

--- Forget what is shown and what is being asked for.
function M.leave()
  stop()
  M.clear()
end

local function items_of(result)
  local found = {}
  for _, item in ipairs(result and (result.items or result) or {}) do
    local range = item.range
    local is_insertion = not range or vim.deep_equal(range.start, range['end'])
    if type(item.insertText) == 'string' and item.insertText ~= '' and is_insertion then
      table.insert(found, { text = item.insertText, command = item.command })
    end
  end
  return found
end

--- What is shown first, then the others that are new.
local function merged(first, others)
  local found, known = { first }, { [first.text] = true }
  for _, item in ipairs(others) do
    if not known[item.text] then
      known[item.text] = true
      table.insert(found, item)
    end
  end
  return found
end

--- Ask the server; `done(items)` is called only while text and cursor are what they were.
local function ask(kind, done)
  stop()
  local bufnr = vim.api.nvim_get_current_buf()
  local asked = client.get(bufnr)
  if not asked or not is_inserting() then
    return
  end
  local tick = vim.api.nvim_buf_get_changedtick(bufnr)
  local cursor = vim.api.nvim_win_get_cursor(0)
  local params = vim.lsp.util.make_position_params(0, asked.offset_encoding)
  params.context = { triggerKind = kind }
  local id
  id = client.request(asked, 'textDocument/inlineCompletion', params, function(problem, result)
    if running and running.id == id then
      running = nil
    end
    local is_current = is_inserting()
      and bufnr == vim.api.nvim_get_current_buf()
      and tick == vim.api.nvim_buf_get_changedtick(bufnr)
      and vim.deep_equal(cursor, vim.api.nvim_win_get_cursor(0))
    if is_current and not problem then
      done(items_of(result))
    end
  end, bufnr)
  running = id and { client = asked, id = id }
end

local function show(items, is_asked)
  if #items == 0 or vim.fn.pumvisible() == 1 then
    return M.clear()
  end
  local row, before, after = here()
  M.clear()
  shown = {
    bufnr = vim.api.nvim_get_current_buf(),
    row = row,
    before = before,
    after = after,
    count = vim.api.nvim_buf_line_count(0),
    items = items,
    index = 1,
    is_asked = is_asked,
  }
  render()
end

local function ask_by_itself()
  if config.current.automatic and vim.b.lintseq_enabled ~= false and vim.fn.pumvisible() == 0 then
    ask(AUTOMATIC, function(items)
      show(items, false)
    end)
  end
end

local function ask_soon()
  stop()
  timer:start(config.current.debounce_ms, 0, vim.schedule_wrap(ask_by_itself))
end

--- Trim what is shown by what was typed of it; false if something else was typed.
local function typed_along()
  if not shown or shown.bufnr ~= vim.api.nvim_get_current_buf() then
    return false
  end
  local row, before, after = here()
  local is_here = row == shown.row
    and after == shown.after
    and vim.startswith(before, shown.before)
    and vim.api.nvim_buf_line_count(0) == shown.count
  local typed = before:sub(#shown.before + 1)
  local left = {}
  for index, item in ipairs(is_here and shown.items or {}) do
    if vim.startswith(item.text, typed) and #item.text > #typed then
      table.insert(left, { text = item.text:sub(#typed + 1), command = item.command })
    elseif index <= shown.index then
      return false
    end
  end
  if #left == 0 then
    return false
  end
  shown.before, shown.items = before, left
  render()
  return true
end

--- The text has changed in insert mode.
function M.changed()
  if not typed_along() then
    M.clear()
  end
  ask_soon()
end

--- The cursor has moved in insert mode; without a change of the text nothing is asked.
function M.moved()
  if shown and not M.text() and not typed_along() then
    M.leave()
  end
end

--- Insert mode has begun.
function M.entered()
  ask_soon()
end

--- Ask for ghost text by a key: what is verified is shown, however unsure; else the reason is told.
function M.trigger()
  ask(INVOKED, function(items)
    show(items, true)
    if #items == 0 then
      require('lintseq.say').say(require('lintseq.status').text(400))
    end
  end)
end

--- Show the next alternative, or with a negative number the one before.
---@param step integer
function M.cycle(step)
  if not M.text() then
    return M.trigger()
  end
  local function turn()
    shown.index = (shown.index - 1 + step) % #shown.items + 1
    render()
  end
  if shown.is_asked then
    return turn()
  end
  ask(INVOKED, function(items)
    if M.text() then
      shown.items = merged(shown.items[shown.index], items)
      shown.index, shown.is_asked = 1, true
      turn()
    end
  end)
end

--- The part of the text that one key accepts.
local function part(text, how)
  if how == 'word' then
    local word = vim.fn.matchstr(text, [=[\v^\_s*%(\k+|[^[:keyword:][:space:]]+)]=])
    return word ~= '' and word or text
  elseif how == 'line' then
    return text:match('^\n*[^\n]*')
  end
  return text
end

local function insert(text)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local lines = vim.split(text, '\n')
  -- An undo step of its own: what was typed before stays when it is taken back.
  vim.bo.undolevels = vim.bo.undolevels
  vim.api.nvim_buf_set_text(0, row - 1, column, row - 1, column, lines)
  local last = #lines == 1 and column + #lines[1] or #lines[#lines]
  vim.api.nvim_win_set_cursor(0, { row + #lines - 1, last })
end

--- Insert what is shown, or its first word or line; false when nothing is shown.
---@param how 'all'|'word'|'line'
---@return boolean
function M.accept(how)
  local text = M.text()
  if not text then
    return false
  end
  stop()
  local taken, command = part(text, how), shown.items[shown.index].command
  local bufnr = shown.bufnr
  local others = shown
  M.clear()
  insert(taken)
  if taken ~= text then
    shown = others
    shown.row, shown.before, shown.after = here()
    shown.count = vim.api.nvim_buf_line_count(0)
    shown.items, shown.index = { { text = text:sub(#taken + 1), command = command } }, 1
    render()
  elseif command then
    local server = client.get(bufnr)
    if server then
      client.execute(server, command.command, command.arguments, nil, bufnr)
    end
  end
  return true
end

--- Take the ghost text away, and tell the server that it was not wanted here.
function M.dismiss()
  local asked = M.text() and client.get(shown.bufnr)
  if asked then
    local place = vim.lsp.util.make_position_params(0, asked.offset_encoding)
    client.request(asked, 'lintseq/reject', {
      uri = place.textDocument.uri,
      version = vim.lsp.util.buf_versions[shown.bufnr],
      position = place.position,
    }, function() end, shown.bufnr)
  end
  M.leave()
end

--- Whether the Tab key accepts: where ghost text is shown and the cursor is not in the indentation.
---@return boolean
function M.tab_accepts()
  local _, before = here()
  return M.text() ~= nil and vim.fn.pumvisible() == 0 and before:find('%S') ~= nil
end

return M
