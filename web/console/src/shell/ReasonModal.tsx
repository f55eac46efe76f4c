/** Asks why, before a deed that is recorded with its reason. */
import { Flex, Form, Input, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from './ProblemAlert'

interface Props {
  isOpen: boolean
  title: string
  /** What the button says: the deed itself. */
  deed: string
  isDanger?: boolean
  isBusy: boolean
  problem: unknown
  /** What will happen, or further fields. */
  children?: ReactNode
  maxLength?: number
  width?: number
  onConfirm: (reason: string) => void
  onCancel: () => void
}

export function ReasonModal(props: Props) {
  const { t } = useTranslation('shell')
  const [form] = Form.useForm<{ reason: string }>()
  return (
    <Modal
      open={props.isOpen}
      title={props.title}
      okText={props.deed}
      cancelText={t('shared:cancel')}
      okButtonProps={{ danger: props.isDanger ?? false, loading: props.isBusy }}
      onOk={() => form.submit()}
      onCancel={props.onCancel}
      width={props.width ?? 520}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        preserve={false}
        onFinish={({ reason }) => props.onConfirm(reason)}
      >
        <Flex vertical gap="middle">
          {props.children}
          <Form.Item
            name="reason"
            label={t('shared:reason')}
            extra={t('reasonHint')}
            rules={[{ required: true, whitespace: true, message: t('reasonNeeded') }]}
          >
            <Input.TextArea rows={2} maxLength={props.maxLength ?? 200} showCount />
          </Form.Item>
          <ProblemAlert problem={props.problem} />
        </Flex>
      </Form>
    </Modal>
  )
}
