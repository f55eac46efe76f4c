/** Where one stands, what is missing to the next tier, and what that brings. */
import { useTranslation } from 'react-i18next'

import type { Home } from '../shell/home'
import { Panel, Progress } from '../shell/parts'

type Tier = NonNullable<Home['tier']>
type Goal = NonNullable<Tier['next']>

export function TierPanel({ tier }: { tier: Tier }) {
  const { t } = useTranslation('home')
  return (
    <Panel title={tier.name}>
      {tier.until ? (
        <p className="small">
          {t(tier.is_in_grace ? 'graceUntil' : 'tierUntil', { day: tier.until })}
        </p>
      ) : null}
      {tier.keep ? <GoalPart goal={tier.keep} /> : null}
      {tier.next ? <GoalPart goal={tier.next} /> : <p className="small">{t('atTheTop')}</p>}
    </Panel>
  )
}

function GoalPart({ goal }: { goal: Goal }) {
  const { t } = useTranslation('home')
  return (
    <div className="goal">
      <p>{goal.says}</p>
      <Progress percent={goal.reached} label={t('reached', { name: goal.name })} />
      {goal.brings.length ? (
        <details>
          <summary>{t('brings', { name: goal.name })}</summary>
          <ul>
            {goal.brings.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  )
}
