/** Gives a benefit to all members of whom a condition holds; the worker does it in parts. */
import { client, deedKey, told } from '@regulars/shared/api/client'
import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ManyModal } from '../members/ManyModal'
import { useBenefitDeed } from './offered'
import { WhatFields, type What } from './WhatFields'

export function RunModal({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('benefits')
  const { message } = App.useApp()
  const [key] = useState(deedKey)
  const [what, setWhat] = useState<What>({ uses: null })
  const [condition, setCondition] = useState('')
  const begin = useBenefitDeed(
    (reason: string) =>
      told(
        client.POST('/v1/grant-runs', {
          params: { header: { 'idempotency-key': key } },
          body: {
            benefit: what.benefit ?? '',
            condition,
            reason,
            uses: what.uses,
            valid_until: null,
          },
        }),
      ),
    () => {
      void message.success(t('run.begun'))
      onClose()
    },
  )
  return (
    <ManyModal
      title={t('run.give')}
      deed={t('run.give')}
      label={t('run.condition')}
      hint={t('run.hint')}
      condition={condition}
      onCondition={setCondition}
      isBusy={begin.isPending}
      problem={begin.error}
      given={<WhatFields id="run" value={what} onChange={setWhat} />}
      onConfirm={(reason) => begin.mutate(reason)}
      onClose={onClose}
    />
  )
}
