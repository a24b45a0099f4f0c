import type { HostModule } from 'proctor';
import { accountTools } from './account-tools.ts';
import { type Desk, deskSeed } from './desk.ts';
import { lookUpTools } from './look-up-tools.ts';
import { ticketTools } from './ticket-tools.ts';

/** The back office: its data comes from `seed.json`, and the agent reaches it only by these tools. */
const supportDesk: HostModule = ({ data }) => {
  const { customer_replies, ...seed } = deskSeed.parse(data);
  const desk: Desk = {
    ...seed,
    verifications: {},
    messages: {},
    refunds: {},
    exchanges: {},
    escalations: {},
    declines: {},
  };
  return {
    tools: [...lookUpTools(desk), ...accountTools(desk), ...ticketTools(desk, customer_replies)],
    state: () => structuredClone({ ...desk }),
  };
};
export default supportDesk;
