/** Lets a partner's till in: makes a key that can use this partner's benefits and nothing else. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { SecretOnce } from '../access/SecretOnce'
import { usePartnersChanged } from './changed'
import { PartnerModal } from './PartnerModal'

interface Props {
  partners: string[]
  onClose: () => void
}

export function TillModal({ partners, onClose }: Props) {
  const { t } = useTranslation('partners')
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
    <PartnerModal<Schemas['TillIn']>
      deed={t('till.make')}
      partners={partners}
      isBusy={make.isPending}
      problem={make.error}
      onWanted={(body) => make.mutate({ body })}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t('till.name')}
        extra={t('till.hint')}
        rules={[{ required: true, whitespace: true, message: t('till.nameNeeded') }]}
      >
        <Input maxLength={100} />
      </Form.Item>
    </PartnerModal>
  )
}
