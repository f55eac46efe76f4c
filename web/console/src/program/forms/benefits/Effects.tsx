/** What a rule does beside giving points: a benefit, a coupon, a tag, a word to the member. */
import { PlusOutlined } from '@ant-design/icons'
import { Button, Card, Dropdown, Flex } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Path } from '../../writing/tree'
import { useForm, useValue } from '../context'
import { Moves } from '../ListField'
import { RecordFields } from '../RecordFields'
import { resolved, type Schema } from '../schema'

export const EFFECTS = ['benefit', 'coupon', 'tag', 'untag', 'notice', 'badge'] as const
type Effect = (typeof EFFECTS)[number]

export function Effects({ path, schema }: { path: Path; schema: Schema }) {
  const { t } = useTranslation('program')
  const { root, edit, isReadOnly, value } = useForm()
  const kept = useValue(path)
  const effects = Array.isArray(kept) ? (kept as Record<string, unknown>[]) : []
  const shape = resolved(root, resolved(root, schema).items ?? {})
  const benefits = Array.isArray(value.benefits) ? (value.benefits as { id?: unknown }[]) : []
  const beginnings: Record<Effect, Record<string, unknown>> = {
    benefit: { benefit: benefits[0]?.id ?? 'benefit_1', for: 'P30D' },
    coupon: { coupon: 'birthday-10', for: 'P30D' },
    tag: { tag: 'friend', for: 'P1Y' },
    untag: { untag: 'friend' },
    notice: { notice: { en: 'Thank you', 'zh-CN': '谢谢您' } },
    badge: { badge: Object.keys((value.badges as object | undefined) ?? {})[0] ?? 'badge_1' },
  }
  const add = (kind: Effect) =>
    edit((tree) =>
      effects.length
        ? tree.insert(path, effects.length, beginnings[kind])
        : tree.set(path, [beginnings[kind]]),
    )
  return (
    <Flex vertical gap="small">
      {effects.map((effect, at) => {
        const kind = EFFECTS.find((one) => one in effect)
        const hasNoEnd = kind === 'untag' || kind === 'notice' || kind === 'badge'
        const names = hasNoEnd ? [kind] : [kind ?? 'benefit', 'for']
        const label = kind ? t(`effects.${kind}`) : t('effects.title')
        return (
          <Card
            key={at}
            size="small"
            title={label}
            extra={
              !isReadOnly && <Moves path={path} at={at} count={effects.length} label={label} />
            }
          >
            <RecordFields path={[...path, at]} schema={shape} only={names} />
          </Card>
        )
      })}
      {!isReadOnly && (
        <div>
          <Dropdown
            trigger={['click']}
            menu={{
              items: EFFECTS.map((kind) => ({
                key: kind,
                label: t(`effects.${kind}`),
                onClick: () => add(kind),
              })),
            }}
          >
            <Button size="small" icon={<PlusOutlined />}>
              {t('effects.add')}
            </Button>
          </Dropdown>
        </div>
      )}
    </Flex>
  )
}
