/** One rule: what it gives, on what, when, to whom, and within which limits. */
import { Alert, Card, Flex, Radio, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Path } from '../../writing/tree'
import { Effects } from '../benefits/Effects'
import { useFindingText, useForm, useValue } from '../context'
import { Field } from '../Field'
import { Grid, RecordFields } from '../RecordFields'
import { resolved, type Schema } from '../schema'
import { useSummary, type Rule } from './summary'

export function RuleForm({ at }: { at: number }) {
  const { t } = useTranslation('program')
  const { root, findings } = useForm()
  const path: Path = ['rules', at]
  const schema = resolved(root, root.properties?.rules?.items ?? {})
  const rule = (useValue(path) ?? {}) as Rule
  const summary = useSummary()(rule)
  const say = useFindingText()
  const isOnOccasion = [rule.on].flat().includes('occasion')
  const own = findings.filter((one) => one.pointer === `/rules/${at}`)
  return (
    <Flex vertical gap="middle">
      <Card size="small" title={summary.name}>
        <Typography.Paragraph type="secondary">
          {[summary.gives, ...summary.tags].join(' · ')}
        </Typography.Paragraph>
        {own.length > 0 && (
          <Alert
            type={own.some((one) => one.severity === 'error') ? 'error' : 'warning'}
            title={own.map(say).join(' ')}
            style={{ marginBottom: 12 }}
          />
        )}
        <RecordFields
          path={path}
          schema={schema}
          only={['name', 'on', ...(isOnOccasion ? ['occasions'] : []), 'id']}
          always={['name', 'occasions']}
        />
      </Card>
      <Card size="small" title={t('rules.parts.gives')}>
        {rule.earn === undefined ? (
          <RecordFields path={path} schema={schema} only={['earn']} />
        ) : (
          <>
            <Earn path={[...path, 'earn']} schema={schema.properties?.earn ?? {}} />
            <div style={{ marginTop: 12 }}>
              <RecordFields path={path} schema={schema} only={['rounding']} />
            </div>
          </>
        )}
      </Card>
      <Card size="small" title={t('effects.title')}>
        <Effects path={[...path, 'effects']} schema={schema.properties?.effects ?? {}} />
      </Card>
      <Part
        title={t('rules.parts.lines')}
        path={path}
        schema={schema}
        names={['lines', 'payment']}
      />
      <Part
        title={t('rules.parts.when')}
        path={path}
        schema={schema}
        names={['schedule', 'when']}
      />
      <Part title={t('rules.parts.who')} path={path} schema={schema} names={['audience']} />
      <Part
        title={t('rules.parts.limits')}
        path={path}
        schema={schema}
        names={['caps', 'budget', 'share_of_contribution']}
      />
      <Part
        title={t('rules.parts.play')}
        path={path}
        schema={schema}
        names={['challenge', 'streak']}
      />
      <Part title={t('rules.parts.others')} path={path} schema={schema} names={['stacking']} />
    </Flex>
  )
}

interface PartProps {
  title: string
  path: Path
  schema: Schema
  names: string[]
}

function Part({ title, path, schema, names }: PartProps) {
  return (
    <Card size="small" title={title}>
      <RecordFields path={path} schema={schema} only={names} />
    </Card>
  )
}

const WAYS = { rate: ['rate', 'per'], points: ['points'], multiply: ['multiply', 'of'] } as const
type Way = keyof typeof WAYS

/** One of three ways to give points. */
function Earn({ path, schema }: { path: Path; schema: Schema }) {
  const { t } = useTranslation('document')
  const { root, edit, isReadOnly } = useForm()
  const kept = (useValue(path) ?? {}) as Record<string, unknown>
  const shape = resolved(root, schema)
  const way: Way = 'multiply' in kept ? 'multiply' : 'points' in kept ? 'points' : 'rate'
  const change = (next: Way) => {
    const { currency } = kept
    const fresh = { rate: { rate: 1, per: 1 }, points: { points: 50 }, multiply: { multiply: 2 } }
    edit((tree) => tree.set(path, { currency, ...fresh[next] }))
  }
  return (
    <Flex vertical gap="middle">
      <Radio.Group
        value={way}
        disabled={isReadOnly}
        aria-label={t('fields.earn.label')}
        onChange={(event) => change(event.target.value as Way)}
        options={(Object.keys(WAYS) as Way[]).map((one) => ({
          value: one,
          label: t(`variants.${one}`),
        }))}
      />
      <Grid>
        {[...WAYS[way], 'currency'].map((name) => (
          <Field key={name} path={[...path, name]} schema={shape.properties?.[name] ?? {}} />
        ))}
      </Grid>
    </Flex>
  )
}
