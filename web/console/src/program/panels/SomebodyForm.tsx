/** Whose receipt it is: somebody new, somebody described, or a member as they are now. */
import { Flex, Input, InputNumber, Radio, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { useForm, useOptions } from '../forms/context'
import { Grid } from '../forms/RecordFields'
import { parse } from '../writing/tree'
import { Named } from './ReceiptForm'

export interface Somebody {
  kind: 'new' | 'described' | 'member'
  member: string
  tier: string
  purchases: number
  attributes: Record<string, string>
}

export const EMPTY_SOMEBODY: Somebody = {
  kind: 'new',
  member: '',
  tier: '',
  purchases: 0,
  attributes: {},
}

interface Described {
  member?: string
  somebody?: {
    tier: string | null
    purchases: number
    attributes: Record<string, boolean | number | string>
    enrolled_at: null
  }
}

/** As the API takes it. */
export function somebodyOf({ kind, member, tier, purchases, attributes }: Somebody): Described {
  if (kind === 'new') return {}
  if (kind === 'member') return { member: member.trim() }
  const read = Object.entries(attributes)
    .filter(([, text]) => text.trim())
    .map(([name, text]): [string, boolean | number | string] => {
      const { value } = parse(text)
      return [name, typeof value === 'boolean' || typeof value === 'number' ? value : text]
    })
  return {
    somebody: {
      tier: tier || null,
      purchases,
      attributes: Object.fromEntries(read),
      enrolled_at: null,
    },
  }
}

interface Props {
  somebody: Somebody
  onChange: (next: Somebody) => void
  /** May look at real members. */
  mayName: boolean
}

export function SomebodyForm({ somebody, onChange, mayName }: Props) {
  const { t } = useTranslation('program')
  const { value } = useForm()
  const tiers = useOptions()(['tier'], { $ref: '#/$defs/id' }) ?? []
  const members = value.members as { attributes?: Record<string, string> } | undefined
  const attributes = Object.entries(members?.attributes ?? {})
  const set = (next: Partial<Somebody>) => onChange({ ...somebody, ...next })
  return (
    <Flex vertical gap="middle">
      <Radio.Group
        value={somebody.kind}
        aria-label={t('try.whom')}
        onChange={(event) => set({ kind: event.target.value as Somebody['kind'] })}
        options={[
          { value: 'new', label: t('try.new') },
          { value: 'described', label: t('try.described') },
          { value: 'member', label: t('try.member'), disabled: !mayName },
        ]}
      />
      {somebody.kind === 'member' && (
        <Named label={t('try.memberIs')}>
          {(id) => (
            <Input
              id={id}
              placeholder="card:4711"
              value={somebody.member}
              onChange={(event) => set({ member: event.target.value })}
            />
          )}
        </Named>
      )}
      {somebody.kind === 'described' && (
        <Grid>
          {tiers.length > 0 && (
            <Named label={t('try.tier')}>
              {(id) => (
                <Select
                  id={id}
                  style={{ width: '100%' }}
                  allowClear
                  value={somebody.tier || undefined}
                  options={tiers}
                  onChange={(tier?: string) => set({ tier: tier ?? '' })}
                />
              )}
            </Named>
          )}
          <Named label={t('try.purchases')}>
            {(id) => (
              <InputNumber
                id={id}
                style={{ width: '100%' }}
                min={0}
                precision={0}
                value={somebody.purchases}
                onChange={(purchases) => set({ purchases: purchases ?? 0 })}
              />
            )}
          </Named>
          {attributes.map(([name, kind]) => (
            <Named key={name} label={name}>
              {(id) => (
                <Input
                  id={id}
                  placeholder={t(`try.kinds.${kind}`, { defaultValue: '' })}
                  value={somebody.attributes[name] ?? ''}
                  onChange={(event) =>
                    set({ attributes: { ...somebody.attributes, [name]: event.target.value } })
                  }
                />
              )}
            </Named>
          ))}
        </Grid>
      )}
    </Flex>
  )
}
