/** A condition in CEL, clicked together; as text where it cannot be shown otherwise, or by choice. */
import { Alert, Flex, Input, Segmented, theme, Typography } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { QueryBuilder, type RuleGroupType, type RuleType } from 'react-querybuilder'

import './conditions.css'
import { AddAction, NotToggle, RemoveAction, Selector, ValueEditor } from './controls'
import { firstValue, operatorsOf, type ConditionField, type Group, type Operator } from './fields'
import { readCel } from './reading'
import { writeCel } from './writing'

interface Props {
  fields: ConditionField[]
  /** CEL; '' for no condition. */
  value: string
  onChange: (cel: string) => void
  isReadOnly?: boolean
  /** The id of the text, for a label that stands outside. */
  id?: string
}

const MOST = 4000
const ORDERED: Operator[] = ['lt', 'le', 'gt', 'ge']
const CONTROLS = {
  addRuleAction: AddAction,
  addGroupAction: AddAction,
  removeRuleAction: RemoveAction,
  removeGroupAction: RemoveAction,
  notToggle: NotToggle,
  combinatorSelector: Selector,
  fieldSelector: Selector,
  operatorSelector: Selector,
  valueEditor: ValueEditor,
}

export function ConditionBuilder(props: Props) {
  const { fields, value, onChange, isReadOnly = false } = props
  const { t } = useTranslation('conditions')
  const { token } = theme.useToken()
  const [wantsText, setWantsText] = useState(false)
  // What is clicked together holds more than the text says: comparisons that are not filled in yet.
  const [kept, setKept] = useState<{ cel: string; group: Group } | null>(null)
  const reading = useMemo(() => readCel(value, fields), [value, fields])
  const problem = 'problem' in reading ? reading.problem : null
  const group = kept?.cel === value ? kept.group : 'group' in reading ? reading.group : null
  const isText = wantsText || !group

  const change = (next: RuleGroupType) => {
    const tree = next as unknown as Group
    const cel = writeCel(tree, fields)
    setKept({ cel, group: tree })
    if (cel !== value) onChange(cel)
  }
  return (
    <div
      className="conditions"
      role="group"
      aria-label={t('label')}
      style={{ '--conditions-line': token.colorBorderSecondary } as React.CSSProperties}
    >
      <Flex vertical gap="small">
        <Segmented
          size="small"
          aria-label={t('mode')}
          style={{ alignSelf: 'flex-start' }}
          value={isText ? 'text' : 'visual'}
          disabled={problem !== null}
          options={[
            { value: 'visual', label: t('visual') },
            { value: 'text', label: t('text') },
          ]}
          onChange={(next) => setWantsText(next === 'text')}
        />
        {problem && (
          <Alert
            type="info"
            showIcon
            title={t('asText')}
            description={t(`why.${problem.why}`, { part: problem.part })}
          />
        )}
        {isText ? (
          <Input.TextArea
            id={props.id}
            aria-label={t('label')}
            autoSize={{ minRows: 2, maxRows: 8 }}
            style={{ fontFamily: 'monospace' }}
            value={value}
            maxLength={MOST}
            disabled={isReadOnly}
            placeholder={t('textHint', { example: exampleOf(fields) })}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <Builder group={group} fields={fields} isReadOnly={isReadOnly} onChange={change} />
        )}
      </Flex>
    </div>
  )
}

function Builder(props: {
  group: Group
  fields: ConditionField[]
  isReadOnly: boolean
  onChange: (next: RuleGroupType) => void
}) {
  const { t } = useTranslation('conditions')
  const { fields, group } = props
  const known = useMemo(() => new Map(fields.map((field) => [field.name, field])), [fields])
  const options = useMemo(
    () => fields.map((field) => ({ name: field.name, label: field.label, of: field })),
    [fields],
  )
  const operators = (name: string) => {
    const field = known.get(name)
    const isTime = (one: Operator) => field?.type === 'timestamp' && ORDERED.includes(one)
    return (field ? operatorsOf(field) : []).map((one) => ({
      name: one,
      label: isTime(one) ? t(`when.${one}`) : t(`is.${one}`),
    }))
  }
  const first = (rule: RuleType) => {
    const field = known.get(rule.field)
    return field ? firstValue(field, rule.operator as Operator) : null
  }
  return (
    <>
      {!group.rules.length && <Typography.Text type="secondary">{t('empty')}</Typography.Text>}
      <QueryBuilder
        fields={options}
        query={group as RuleGroupType}
        onQueryChange={props.onChange}
        disabled={props.isReadOnly}
        controlElements={CONTROLS}
        getOperators={operators}
        getDefaultValue={first}
        resetOnFieldChange
        resetOnOperatorChange
        showNotToggle
        combinators={[
          { name: 'and', label: t('all') },
          { name: 'or', label: t('any') },
        ]}
        translations={{
          addRule: { label: t('addRule'), title: t('addRule') },
          addGroup: { label: t('addGroup'), title: t('addGroup') },
          removeRule: { label: '', title: t('remove') },
          removeGroup: { label: '', title: t('removeGroup') },
          notToggle: { label: t('not'), title: t('notHint') },
          combinators: { title: t('combinator') },
          fields: { title: t('field') },
          operators: { title: t('operator') },
          value: { title: t('value') },
        }}
      />
    </>
  )
}

function exampleOf(fields: ConditionField[]): string {
  const [field] = fields
  return field ? `${field.name} == "…"` : 'member.tier == "gold"'
}
