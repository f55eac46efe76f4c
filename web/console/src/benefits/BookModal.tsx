/** Books an appointment for a member. */
import { client, told } from '@regulars/shared/api/client'
import { App, Form, Input, Modal } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import { useBenefitDeed } from './offered'

export function BookModal({ slot, onClose }: { slot: string; onClose: () => void }) {
  const { t } = useTranslation('benefits')
  const { message } = App.useApp()
  const [form] = Form.useForm<{ member: string }>()
  const book = useBenefitDeed(
    (member: string) =>
      told(
        client.POST('/v1/slots/{slot}/bookings', { params: { path: { slot } }, body: { member } }),
      ),
    () => {
      void message.success(t('slot.booked'))
      onClose()
    },
  )
  return (
    <Modal
      open
      title={t('slot.bookTitle')}
      okText={t('slot.book')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: book.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" onFinish={({ member }) => book.mutate(member.trim())}>
        <Form.Item name="member" label={t('field.member')} rules={[{ required: true }]}>
          <Input placeholder={t('filter.memberHint')} autoFocus />
        </Form.Item>
        <ProblemAlert problem={book.error} />
      </Form>
    </Modal>
  )
}
