/** Why a draw is fair, and the check of all its turns, worked out by this very browser. */
import type { Schemas } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { Notice, Panel, Refusal } from '../shell/parts'
import { fetchAudit } from './asking'
import { check } from './checking'

export function Proof({ draw }: { draw: Schemas['DrawAnswer'] }) {
  const { t } = useTranslation('play')
  const checking = useMutation({ mutationFn: async () => check(await fetchAudit(draw.draw)) })
  const found = checking.data
  return (
    <Panel title={t('proof.title')}>
      <p className="small">{t(draw.seed ? 'proof.told' : 'proof.promised')}</p>
      <p className="small">
        {t('proof.commitment')} <code>{draw.commitment}</code>
      </p>
      {draw.seed ? (
        <>
          <p className="small">
            {t('proof.seed')} <code>{draw.seed}</code>
          </p>
          <button
            type="button"
            className="button second"
            disabled={checking.isPending}
            onClick={() => checking.mutate()}
          >
            {t('proof.check')}
          </button>
        </>
      ) : null}
      {found ? (
        <Notice tone={found.faults ? 'bad' : 'good'}>
          {found.faults
            ? t('proof.bad', { count: found.faults })
            : t('proof.good', { count: found.turns })}
        </Notice>
      ) : null}
      <Refusal problem={checking.error} />
    </Panel>
  )
}
