--- Tells the user one sentence.
local M = {}

--- Whether messages go to the line below the text, where a longer one has to be confirmed by a key.
local function is_plain()
  local source = debug.getinfo(vim.notify, 'S').source
  -- Neovim 0.12 does not know the sources of what it brings along.
  return source == '?' or source:find('editor.lua', 1, true) ~= nil
end

--- Tell it, cut to what fits into a line.
---@param words string
---@param level integer|nil
function M.say(words, level)
  local text = vim.startswith(words, 'LintSeq') and words or 'LintSeq: ' .. words
  local most = math.max(vim.v.echospace - 1, 20)
  if is_plain() and vim.fn.strdisplaywidth(text) > most then
    text = vim.fn.strcharpart(text:gsub('\n', ' '), 0, most - 1) .. '…'
  end
  vim.notify(text, level or vim.log.levels.INFO)
end

--- The handler of `window/showMessage`: LSP counts from errors down to logs.
function M.shown(_, result)
  local levels = { vim.log.levels.ERROR, vim.log.levels.WARN, vim.log.levels.INFO, vim.log.levels.DEBUG }
  M.say(result.message, levels[result.type])
end

return M
