/** The parts that the query builder is made of here: controls of this console, each with a name. */
import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, DatePicker, Input, InputNumber, Select, Tooltip } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type {
  ActionProps,
  NotToggleProps,
  ValueEditorProps,
  ValueSelectorProps,
} from 'react-querybuilder'

import type { ConditionField, Operator, Value } from './fields'

export function Selector(props: ValueSelectorProps) {
  return (
    <Select<string>
      className={props.className}
      aria-label={props.title}
      value={props.value}
      disabled={props.disabled}
      options={props.options}
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      onChange={(next) => props.handleOnChange(next)}
    />
  )
}

export function AddAction(props: ActionProps) {
  return (
    <Button
      size="small"
      icon={<PlusOutlined />}
      className={props.className}
      disabled={props.disabled}
      onClick={(event) => props.handleOnClick(event)}
    >
      {props.label}
    </Button>
  )
}

export function RemoveAction(props: ActionProps) {
  return (
    <Tooltip title={props.title}>
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined />}
        className={props.className}
        aria-label={props.title}
        disabled={props.disabled}
        onClick={(event) => props.handleOnClick(event)}
      />
    </Tooltip>
  )
}

export function NotToggle(props: NotToggleProps) {
  return (
    <Tooltip title={props.title}>
      <Checkbox
        className={props.className}
        checked={props.checked ?? false}
        disabled={props.disabled}
        onChange={(event) => props.handleOnChange(event.target.checked)}
      >
        {props.label}
      </Checkbox>
    </Tooltip>
  )
}

export function ValueEditor(props: ValueEditorProps) {
  const field = (props.fieldData as unknown as { of?: ConditionField }).of
  const asked = props.operator as Operator
  if (!field || asked === 'present' || asked === 'absent') return null
  const given: EditorProps = {
    field,
    value: props.value as Value,
    disabled: props.disabled ?? false,
    onChange: (next) => props.handleOnChange(next),
  }
  if (asked === 'in' || asked === 'notIn') return <Many {...given} />
  if (field.type === 'bool') return <Truth {...given} />
  if (field.type === 'int') return <Whole {...given} />
  if (field.type === 'timestamp') return <Moment {...given} />
  return field.values ? <Choice {...given} /> : <Words {...given} />
}

interface EditorProps {
  field: ConditionField
  value: Value
  disabled: boolean
  onChange: (next: Value) => void
}

function Words({ value, disabled, onChange }: EditorProps) {
  const { t } = useTranslation('conditions')
  return (
    <Input
      className="rule-value"
      aria-label={t('value')}
      value={typeof value === 'string' ? value : ''}
      maxLength={200}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

function Whole({ value, disabled, onChange }: EditorProps) {
  const { t } = useTranslation('conditions')
  return (
    <InputNumber<number>
      className="rule-value"
      aria-label={t('value')}
      precision={0}
      value={typeof value === 'number' ? value : null}
      disabled={disabled}
      onChange={(next) => onChange(next)}
    />
  )
}

function Truth({ value, disabled, onChange }: EditorProps) {
  const { t } = useTranslation(['conditions', 'shared'])
  return (
    <Select<string>
      className="rule-value"
      aria-label={t('value')}
      value={value === false ? 'no' : 'yes'}
      disabled={disabled}
      options={[
        { value: 'yes', label: t('shared:yes') },
        { value: 'no', label: t('shared:no') },
      ]}
      onChange={(next) => onChange(next === 'yes')}
    />
  )
}

function Choice({ field, value, disabled, onChange }: EditorProps) {
  const { t } = useTranslation('conditions')
  return (
    <Select<string>
      className="rule-value"
      aria-label={t('value')}
      value={typeof value === 'string' ? value : null}
      disabled={disabled}
      placeholder={t('from')}
      options={field.values ?? []}
      showSearch={{ optionFilterProp: 'label' }}
      onChange={onChange}
    />
  )
}

function Moment({ value, disabled, onChange }: EditorProps) {
  const { t } = useTranslation('conditions')
  return (
    <DatePicker
      className="rule-value"
      aria-label={t('value')}
      showTime={{ format: 'HH:mm' }}
      value={typeof value === 'string' ? dayjs(value) : null}
      disabled={disabled}
      onChange={(next) => onChange(next ? next.toISOString().replace('.000Z', 'Z') : null)}
    />
  )
}

function Many({ field, value, disabled, onChange }: EditorProps) {
  const { t } = useTranslation('conditions')
  const given = Array.isArray(value) ? value.map(String) : []
  const isWhole = field.type === 'int'
  const change = (next: string[]) => {
    if (!isWhole) onChange(next)
    else onChange(next.filter((one) => /^-?\d{1,15}$/.test(one.trim())).map(Number))
  }
  return (
    <Select<string[]>
      className="rule-value"
      aria-label={t('values')}
      mode={field.values ? 'multiple' : 'tags'}
      tokenSeparators={[',', '，', ' ']}
      value={given}
      disabled={disabled}
      options={field.values ?? []}
      open={field.values ? undefined : false}
      suffix={field.values ? undefined : null}
      onChange={change}
    />
  )
}
