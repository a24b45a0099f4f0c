/** Name of the tool that ends a trial; its `answer` argument is the submitted answer. */
export const submitTool = 'submit';
