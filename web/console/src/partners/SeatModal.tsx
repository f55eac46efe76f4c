/** Says for which partner one of the staff works, or a key or application that is there. */
import { api } from '@regulars/shared/api/client'
import { App, Form, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { useMay } from '../shell/session'
import { usePartnersChanged } from './changed'
import { PartnerModal } from './PartnerModal'

interface Props {
  partners: string[]
  onClose: () => void
}

interface Wanted {
  actor: string
  partner: string
}

export function SeatModal({ partners, onClose }: Props) {
  const { t } = useTranslation('partners')
  const { message } = App.useApp()
  const changed = usePartnersChanged()
  const seat = api.useMutation('put', '/v1/partner-seats/{actor}', {
    onSuccess: () => {
      void message.success(t('seat.given'))
      changed()
      onClose()
    },
  })
  return (
    <PartnerModal<Wanted>
      deed={t('seat.give')}
      partners={partners}
      isBusy={seat.isPending}
      problem={seat.error}
      onWanted={({ actor, partner }) =>
        seat.mutate({ params: { path: { actor } }, body: { partner } })
      }
      onClose={onClose}
    >
      <Form.Item
        name="actor"
        label={t('field.who')}
        extra={<Link to="/settings/staff">{t('seat.invite')}</Link>}
        rules={[{ required: true, message: t('seat.whoNeeded') }]}
      >
        <Select showSearch={{ optionFilterProp: 'label' }} options={useSitters()} />
      </Form.Item>
    </PartnerModal>
  )
}

/** The staff whose role is partner, and keys that may use partners' benefits. */
function useSitters() {
  const may = useMay()
  const staff = api.useQuery('get', '/v1/staff')
  const keys = api.useQuery('get', '/v1/keys', {}, { enabled: may('clients:manage') })
  return [
    ...(staff.data?.items ?? [])
      .filter((one) => one.roles.includes('partner') && !one.suspended_at)
      .map((one) => ({ value: one.actor, label: one.name || one.email })),
    ...(keys.data?.items ?? [])
      .filter((one) => one.scopes.includes('partner:use') && !one.revoked_at)
      .map((one) => ({ value: `key:${String(one.key)}`, label: one.name })),
  ]
}
