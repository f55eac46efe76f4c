/** Asks for which partner something is done, and for one thing more. */
import { Form, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import { PartnerSelect } from './PartnerSelect'

interface Props<Wanted> {
  /** What is done: the title, and what the button says. */
  deed: string
  partners: string[]
  isBusy: boolean
  problem: unknown
  /** The field of what is asked for beside the partner. */
  children: ReactNode
  onWanted: (wanted: Wanted) => void
  onClose: () => void
}

export function PartnerModal<Wanted>(props: Props<Wanted>) {
  const { t } = useTranslation('partners')
  const [form] = Form.useForm<Wanted>()
  return (
    <Modal
      open
      title={props.deed}
      okText={props.deed}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: props.isBusy }}
      onOk={() => form.submit()}
      onCancel={props.onClose}
    >
      <Form form={form} layout="vertical" onFinish={props.onWanted}>
        <Form.Item
          name="partner"
          label={t('field.partner')}
          rules={[{ required: true, message: t('partnerNeeded') }]}
        >
          <PartnerSelect partners={props.partners} />
        </Form.Item>
        {props.children}
        <ProblemAlert problem={props.problem} />
      </Form>
    </Modal>
  )
}
