/** Erase a member: for good, so it is typed out. */
import { client, told } from '@regulars/shared/api/client'
import { Alert, App, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ReasonModal } from '../../shell/ReasonModal'
import { useDeed } from './deed'
import type { DeedProps } from './props'

export function EraseModal({ member, isOpen, onClose }: DeedProps) {
  const { t } = useTranslation('members')
  const { message } = App.useApp()
  const [typed, setTyped] = useState('')
  const wanted = member.member.slice(-6)
  const erase = useDeed(
    (reason: string) =>
      told(
        client.DELETE('/v1/members/{ref}', {
          params: { path: { ref: member.member } },
          body: { reason },
        }),
      ),
    () => {
      void message.success(t('erase.done'))
      onClose()
    },
  )
  return (
    <ReasonModal
      isOpen={isOpen}
      title={t('deed.erase')}
      deed={t('erase.go')}
      isDanger
      isBusy={erase.isPending}
      problem={erase.error}
      maxLength={300}
      onCancel={() => {
        setTyped('')
        onClose()
      }}
      onConfirm={(reason) => {
        if (typed === wanted) erase.mutate(reason)
      }}
    >
      <Alert type="warning" showIcon title={t('erase.forGood')} description={t('erase.text')} />
      <Form.Item
        name="typed"
        label={t('erase.type', { wanted })}
        rules={[
          {
            validator: (_, value: unknown) =>
              value === wanted ? Promise.resolve() : Promise.reject(new Error(t('erase.differs'))),
          },
        ]}
      >
        <Input autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
      </Form.Item>
    </ReasonModal>
  )
}
