/** Points given to another member, where the program lets them be given; they keep their expiry. */
import { client, deedKey, told } from '@regulars/shared/api/client'
import { App, Flex, Form, Input, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../../shell/ProblemAlert'
import { useProgram } from '../program'
import { useDeed } from './deed'
import type { DeedProps } from './props'

interface Asked {
  to: string
  currency: string
  amount: number
}

export function TransferModal({ member, isOpen, onClose }: DeedProps) {
  const { t } = useTranslation(['members', 'shared'])
  const { message } = App.useApp()
  const currencies = useProgram().data?.currencies ?? []
  const [form] = Form.useForm<Asked>()
  const [key, setKey] = useState(deedKey)
  const give = useDeed(
    (body: Asked) =>
      told(
        client.POST('/v1/members/{ref}/transfers', {
          params: { path: { ref: member.member }, header: { 'idempotency-key': key } },
          body: { ...body, to: body.to.trim() },
        }),
      ),
    () => {
      setKey(deedKey())
      form.resetFields()
      void message.success(t('transfer.done'))
      onClose()
    },
  )
  return (
    <Modal
      open={isOpen}
      title={t('deed.transfer')}
      okText={t('transfer.go')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: give.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={{ currency: currencies[0] }}
        // Another wish is another deed: it gets a name of its own.
        onValuesChange={() => setKey(deedKey())}
        onFinish={(body) => give.mutate(body)}
      >
        <Form.Item
          name="to"
          label={t('transfer.to')}
          extra={t('merge.otherHint')}
          rules={[{ required: true, whitespace: true }]}
        >
          <Input maxLength={200} placeholder="card:4712" />
        </Form.Item>
        <Flex gap="small" wrap>
          <Form.Item name="amount" label={t('adjust.amount')} rules={[{ required: true }]}>
            <InputNumber<number> min={1} precision={0} style={{ width: 140 }} />
          </Form.Item>
          <Form.Item name="currency" label={t('points.currency')} rules={[{ required: true }]}>
            <Select
              style={{ minWidth: 120 }}
              options={currencies.map((one) => ({ value: one, label: one }))}
            />
          </Form.Item>
        </Flex>
        <ProblemAlert problem={give.error} />
      </Form>
    </Modal>
  )
}
