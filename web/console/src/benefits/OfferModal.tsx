/** Offers appointments: at one place, on some weekdays, at some times, for some weeks. */
import { client, told } from '@regulars/shared/api/client'
import { App, DatePicker, Flex, Form, Input, InputNumber, Modal, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import { useBenefitDeed, useChoices } from './offered'

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
type Weekday = (typeof WEEKDAYS)[number]

const DAY = 'YYYY-MM-DD'
const HOUR_MINUTES = 60

interface Values {
  benefit: string
  place: string
  days: [Dayjs, Dayjs]
  weekdays: Weekday[]
  times: string[]
  minutes: number
  capacity: number
  cancelHours: number
}

interface Props {
  day: string
  onDone: (day: string) => void
  onClose: () => void
}

export function OfferModal({ day, onDone, onClose }: Props) {
  const { t } = useTranslation('benefits')
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const choices = useChoices((one) => one.by_appointment)
  const offer = useBenefitDeed(
    (values: Values) =>
      told(
        client.POST('/v1/slots', {
          body: {
            benefit: values.benefit,
            place: values.place.trim(),
            minutes: values.minutes,
            capacity: values.capacity,
            cancel_minutes: values.cancelHours * HOUR_MINUTES,
            starts_at: null,
            series: {
              first_day: values.days[0].format(DAY),
              last_day: values.days[1].format(DAY),
              weekdays: values.weekdays,
              times: values.times,
            },
          },
        }),
      ),
    (answer) => {
      void message.success(t('slot.made', { count: answer.made }))
      onDone(answer.items[0] ? dayjs(answer.items[0].starts_at).format(DAY) : day)
    },
  )
  const first = dayjs(day)
  return (
    <Modal
      open
      title={t('slot.offer')}
      okText={t('slot.offer')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: offer.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{
          days: [first, first.add(4, 'week')],
          weekdays: [...WEEKDAYS.slice(0, 5)],
          times: [],
          minutes: HOUR_MINUTES,
          capacity: 1,
          cancelHours: 24,
        }}
        onFinish={(values) => offer.mutate(values)}
      >
        <Form.Item name="benefit" label={t('field.benefit')} rules={[{ required: true }]}>
          <Select options={choices} notFoundContent={t('slot.noBenefit')} />
        </Form.Item>
        <Form.Item name="place" label={t('field.place')} rules={[{ required: true }]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="days" label={t('slot.days')} rules={[{ required: true }]}>
          <DatePicker.RangePicker style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="weekdays" label={t('slot.weekdays')} rules={[{ required: true }]}>
          <Select
            mode="multiple"
            options={WEEKDAYS.map((one) => ({ value: one, label: t(`weekday.${one}`) }))}
          />
        </Form.Item>
        <Form.Item
          name="times"
          label={t('slot.times')}
          extra={t('slot.timesHint')}
          rules={[{ required: true }]}
        >
          <Select mode="tags" tokenSeparators={[',', ' ', '，']} open={false} suffix={null} />
        </Form.Item>
        <Flex gap="middle" wrap>
          <Form.Item name="minutes" label={t('slot.minutes')} rules={[{ required: true }]}>
            <InputNumber min={5} max={1440} precision={0} />
          </Form.Item>
          <Form.Item name="capacity" label={t('slot.capacity')} rules={[{ required: true }]}>
            <InputNumber min={1} max={10_000} precision={0} />
          </Form.Item>
          <Form.Item name="cancelHours" label={t('slot.cancelHours')} rules={[{ required: true }]}>
            <InputNumber min={0} max={1440} precision={0} />
          </Form.Item>
        </Flex>
        <ProblemAlert problem={offer.error} />
      </Form>
    </Modal>
  )
}
