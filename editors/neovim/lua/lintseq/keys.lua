--- The keys of a buffer that the server serves, and what a key does that is not meant for it.
local config = require('lintseq.config')
local ghost = require('lintseq.ghost')
local M = {}

local function encoded(keys)
  return vim.api.nvim_replace_termcodes(keys, true, true, true)
end

--- The mapping of a key outside of the buffer, if there is one.
local function outer_mapping(key)
  for _, mapping in ipairs(vim.api.nvim_get_keymap('i')) do
    if encoded(mapping.lhs) == encoded(key) then
      return mapping
    end
  end
end

--- What a mapping would do, as the keys that an `expr` mapping returns.
local function keys_of(mapping, key)
  if mapping.callback then
    local result = mapping.callback()
    if mapping.expr ~= 1 then
      return ''
    end
    result = result or ''
    return mapping.replace_keycodes == 1 and encoded(result) or result
  end
  local rhs = encoded(mapping.rhs or '')
  if mapping.expr == 1 then
    return vim.api.nvim_eval(mapping.rhs)
  elseif mapping.noremap == 1 then
    return rhs
  end
  -- A mapping that other mappings apply to cannot be returned from one where they do not.
  vim.api.nvim_feedkeys(rhs, rhs == encoded(key) and 'n' or 'm', false)
  return ''
end

local function set_accept(bufnr, key)
  -- Another plugin may have mapped the key for this buffer; later global ones are seen when pressed.
  local before = vim.fn.maparg(key, 'i', false, true)
  local own = before.buffer == 1 and before or nil
  vim.keymap.set('i', key, function()
    if ghost.tab_accepts() then
      return encoded('<Cmd>lua require("lintseq.ghost").accept("all")<CR>')
    end
    local other = own or outer_mapping(key)
    return other and keys_of(other, key) or encoded(key)
  end, {
    buffer = bufnr,
    expr = true,
    replace_keycodes = false,
    desc = 'LintSeq: accept the ghost text',
  })
end

--- Map the keys of the configuration for one buffer.
---@param bufnr integer
function M.set(bufnr)
  if vim.b[bufnr].lintseq_keys then
    return
  end
  vim.b[bufnr].lintseq_keys = true
  local keys = config.current.keys
  local function map(key, plug, what)
    if key then
      vim.keymap.set('i', key, plug, { buffer = bufnr, desc = 'LintSeq: ' .. what })
    end
  end
  if keys.accept then
    set_accept(bufnr, keys.accept)
  end
  map(keys.accept_anywhere, '<Plug>(lintseq-accept)', 'accept the ghost text')
  map(keys.accept_word, '<Plug>(lintseq-accept-word)', 'accept one word')
  map(keys.accept_line, '<Plug>(lintseq-accept-line)', 'accept one line')
  map(keys.next, '<Plug>(lintseq-next)', 'the next alternative')
  map(keys.previous, '<Plug>(lintseq-previous)', 'the alternative before')
  map(keys.dismiss, '<Plug>(lintseq-dismiss)', 'dismiss the ghost text')
  map(keys.trigger, '<Plug>(lintseq-trigger)', 'ask for ghost text')
end

return M
