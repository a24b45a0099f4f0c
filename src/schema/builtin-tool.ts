/** Name of the tool that ends a trial; its `answer` argument is the submitted answer. */
export const submitTool = 'submit';

/** Names of the built-in tools: the shell, the file tool, and the one that ends a trial with its `answer`. */
export const builtinTools = {
  bash: 'bash',
  edit: 'str_replace_based_edit_tool',
  submit: submitTool,
} as const;
