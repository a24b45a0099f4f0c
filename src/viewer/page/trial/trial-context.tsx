import { createContext, useContext } from 'react';

const context = createContext({ run: '', trial: '' });

export const TrialProvider = context.Provider;

/** The trial that is looked at: whose bodies are fetched. */
export const useTrial = () => useContext(context);
