/** Restrict the use of a member's personal data, or end that. */
import { client, told } from '@regulars/shared/api/client'
import { App, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { ReasonModal } from '../../shell/ReasonModal'
import { useDeed } from './deed'
import type { DeedProps } from './props'

export function RestrictModal({ member, isOpen, onClose }: DeedProps) {
  const { t } = useTranslation('members')
  const { message } = App.useApp()
  const isRestricted = member.restricted_at !== null
  const restrict = useDeed(
    (reason: string) =>
      told(
        client.POST('/v1/members/{ref}/restriction', {
          params: { path: { ref: member.member } },
          body: { restricted: !isRestricted, reason },
        }),
      ),
    (answer) => {
      void message.success(answer.restricted_at ? t('restrict.done') : t('restrict.lifted'))
      onClose()
    },
  )
  const title = isRestricted ? t('deed.unrestrict') : t('deed.restrict')
  return (
    <ReasonModal
      isOpen={isOpen}
      title={title}
      deed={title}
      isBusy={restrict.isPending}
      problem={restrict.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => restrict.mutate(reason)}
    >
      <Typography.Text>{t('restrict.text')}</Typography.Text>
    </ReasonModal>
  )
}
