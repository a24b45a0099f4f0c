import { slippingAgent } from './slips.ts';

export default slippingAgent('brisk', {
  takesBait: 0.5,
  looksRound: 0.2,
  mistypes: 0.5,
  fumbles: 0.6,
  looksAgain: 0.2,
});
