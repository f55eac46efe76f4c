/** Freeze a member, or lift it. */
import { client, told } from '@regulars/shared/api/client'
import { App, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { ReasonModal } from '../../shell/ReasonModal'
import { useDeed } from './deed'
import type { DeedProps } from './props'

export function FreezeModal({ member, isOpen, onClose }: DeedProps) {
  const { t } = useTranslation('members')
  const { message } = App.useApp()
  const isFrozen = member.frozen_at !== null
  const freeze = useDeed(
    (reason: string) =>
      told(
        client.POST('/v1/members/{ref}/freeze', {
          params: { path: { ref: member.member } },
          body: { frozen: !isFrozen, reason },
        }),
      ),
    (answer) => {
      void message.success(answer.frozen_at ? t('freeze.done') : t('freeze.lifted'))
      onClose()
    },
  )
  return (
    <ReasonModal
      isOpen={isOpen}
      title={isFrozen ? t('deed.unfreeze') : t('deed.freeze')}
      deed={isFrozen ? t('deed.unfreeze') : t('deed.freeze')}
      isBusy={freeze.isPending}
      problem={freeze.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => freeze.mutate(reason)}
    >
      <Typography.Text>{isFrozen ? t('freeze.liftText') : t('freeze.text')}</Typography.Text>
    </ReasonModal>
  )
}
