-- The command and the <Plug> mappings; nothing is loaded before one of them is used.
if vim.g.loaded_lintseq then
  return
end
vim.g.loaded_lintseq = true

vim.api.nvim_create_user_command('Lintseq', function(call)
  require('lintseq.command').run(call)
end, {
  nargs = '+',
  range = true,
  desc = 'LintSeq: verified Python edits',
  complete = function(lead, line)
    return require('lintseq.command').complete(lead, line)
  end,
})

local function plug(mode, name, call)
  vim.keymap.set(mode, ('<Plug>(lintseq-%s)'):format(name), ('<Cmd>lua require("lintseq").%s<CR>'):format(call))
end

plug('i', 'accept', 'accept("all")')
plug('i', 'accept-word', 'accept("word")')
plug('i', 'accept-line', 'accept("line")')
plug('i', 'next', 'next()')
plug('i', 'previous', 'previous()')
plug('i', 'dismiss', 'dismiss()')
plug('i', 'trigger', 'trigger()')
plug({ 'n', 'i' }, 'implement', 'implement()')
plug({ 'n', 'i' }, 'next-edit', 'next_edit()')
plug('n', 'instruct', 'instruct()')
plug({ 'n', 'i' }, 'fix', 'fix()')
plug('n', 'step-accept', 'accept_step()')
plug('n', 'step-accept-all', 'accept_all_steps()')
plug('n', 'step-skip', 'skip_step()')
plug('n', 'step-undo', 'undo_step()')
plug('n', 'step-dismiss', 'dismiss_steps()')
plug('n', 'snooze', 'snooze()')
vim.keymap.set('x', '<Plug>(lintseq-instruct)', ':Lintseq instruct<CR>', { silent = true })
