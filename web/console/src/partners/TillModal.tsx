/** Lets a partner's till in: makes a key that can use this partner's benefits and nothing else. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { SecretOnce } from '../access/SecretOnce'
import { ProblemAlert } from '../shell/ProblemAlert'
import { usePartnersChanged } from './changed'
import { PartnerSelect } from './PartnerSelect'

interface Props {
  partners: string[]
  onClose: () => void
}

export function TillModal({ partners, onClose }: Props) {
  const { t } = useTranslation('partners')
  const [form] = Form.useForm<Schemas['TillIn']>()
  const [made, setMade] = useState<Schemas['TillAnswer']>()
  const changed = usePartnersChanged()
  const make = api.useMutation('post', '/v1/partner-seats', {
    onSuccess: (till) => {
      setMade(till)
      changed()
    },
  })
  if (made)
    return (
      <SecretOnce
        title={t('till.made', { name: made.name })}
        values={[{ label: t('till.secret'), text: made.secret }]}
        note={t('till.note', { partner: made.partner })}
        onClose={onClose}
      />
    )
  return (
    <Modal
      open
      title={t('till.make')}
      okText={t('till.make')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: make.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" onFinish={(body) => make.mutate({ body })}>
        <Form.Item
          name="partner"
          label={t('field.partner')}
          rules={[{ required: true, message: t('partnerNeeded') }]}
        >
          <PartnerSelect partners={partners} />
        </Form.Item>
        <Form.Item
          name="name"
          label={t('till.name')}
          extra={t('till.hint')}
          rules={[{ required: true, whitespace: true, message: t('till.nameNeeded') }]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <ProblemAlert problem={make.error} />
      </Form>
    </Modal>
  )
}
