/** One reward in the grid. */
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import type { Reward } from './asking'
import { Picture } from './Picture'
import { Price, useBalance } from './Price'

export function RewardCard({ reward }: { reward: Reward }) {
  const { t } = useTranslation('mall')
  const has = useBalance(reward.currency)
  const missing = has === undefined ? 0 : reward.points - has
  const left = reward.variants.reduce<number | null>(
    (sum, one) => (sum === null || one.left === null ? null : sum + one.left),
    0,
  )
  return (
    <li>
      <Link className="reward" to={`/mall/${reward.reward}`}>
        <Picture src={reward.pictures[0]} name={reward.name} />
        <strong>{reward.name}</strong>
        <Price
          points={reward.points}
          currency={reward.currency}
          cash={reward.variants[0]?.cash ?? null}
        />
        <small>
          {reward.why_not
            ? t(`whyNot.${reward.why_not}`)
            : missing > 0
              ? t('missing', { points: missing })
              : left !== null && left <= 10
                ? t('fewLeft', { count: left })
                : ''}
        </small>
      </Link>
    </li>
  )
}
