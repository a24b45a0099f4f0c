import { slippingAgent } from './slips.ts';

export default slippingAgent('steady', {
  takesBait: 0.1,
  looksRound: 0.9,
  mistypes: 0.1,
  fumbles: 0.3,
  looksAgain: 0.9,
});
