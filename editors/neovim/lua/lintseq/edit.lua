--- Edits behind the last line. Neovim 0.10 would leave an empty line there, so they become edits at
--- the end of the last line, with the line break in front.
local M = {}

local function at_end_of_last_line(edit, bufnr, encoding)
  local count = vim.api.nvim_buf_line_count(bufnr)
  local start = edit.range.start
  if start.line < count or edit.newText:sub(-1) ~= '\n' then
    return
  end
  local last = vim.api.nvim_buf_get_lines(bufnr, count - 1, count, false)[1]
  local place = { line = count - 1, character = M.width(last, encoding) }
  edit.range = { start = place, ['end'] = vim.deepcopy(place) }
  edit.newText = '\n' .. edit.newText:sub(1, -2)
end

--- How many units of the encoding a line has.
---@param line string
---@param encoding string
---@return integer
function M.width(line, encoding)
  if encoding == 'utf-8' then
    return #line
  end
  local utf32, utf16 = vim.str_utfindex(line)
  return encoding == 'utf-16' and utf16 or utf32
end

--- The same workspace edit, changed in place, as every Neovim applies it rightly.
---@param edit table
---@param encoding string
function M.made_safe(edit, encoding)
  local texts = {}
  for uri, edits in pairs(edit.changes or {}) do
    table.insert(texts, { uri, edits })
  end
  for _, change in ipairs(edit.documentChanges or {}) do
    table.insert(texts, { change.textDocument.uri, change.edits })
  end
  for _, text in ipairs(texts) do
    local bufnr = vim.uri_to_bufnr(text[1])
    if vim.api.nvim_buf_is_loaded(bufnr) then
      for _, each in ipairs(text[2]) do
        at_end_of_last_line(each, bufnr, encoding)
      end
    end
  end
  return edit
end

--- Apply an edit of the server's.
---@param edit table
---@param client vim.lsp.Client
function M.apply(edit, client)
  vim.lsp.util.apply_workspace_edit(M.made_safe(edit, client.offset_encoding), client.offset_encoding)
end

--- The handler of `workspace/applyEdit`.
function M.apply_request(problem, params, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  if client and params.edit then
    M.made_safe(params.edit, client.offset_encoding)
  end
  return vim.lsp.handlers['workspace/applyEdit'](problem, params, context)
end

--- Have the edits of code actions made safe too, which Neovim applies by itself.
---@param client vim.lsp.Client
function M.watch_actions(client)
  local request = client.request
  local is_method = vim.fn.has('nvim-0.11') == 1
  client.request = function(...)
    local arguments = { n = select('#', ...), ... }
    local first = is_method and 2 or 1
    local handler = arguments[first + 2]
    if arguments[first] == 'codeAction/resolve' and handler then
      arguments[first + 2] = function(problem, action, ...)
        if action and action.edit then
          M.made_safe(action.edit, client.offset_encoding)
        end
        return handler(problem, action, ...)
      end
    end
    return request(unpack(arguments, 1, math.max(arguments.n, first + 3)))
  end
end

return M
