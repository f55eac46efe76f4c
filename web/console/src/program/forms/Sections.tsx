/** The parts of the document, one at a time. */
import { Badge, Button, Card, Flex } from 'antd'
import { useTranslation } from 'react-i18next'

import { useUrlStates } from '../../shell/urlState'
import { BenefitsSection } from './benefits/BenefitsSection'
import { LifecycleSection } from './benefits/LifecycleSection'
import { findingsWithin, useForm } from './context'
import { Field } from './Field'
import { SECTIONS } from './jumps'
import { RecordFields } from './RecordFields'
import { RulesSection } from './rules/RulesSection'
import { TiersSection } from './tiers/TiersSection'

export function Sections() {
  const { t } = useTranslation('program')
  const form = useForm()
  const [read, write] = useUrlStates()
  const section = read('section') ?? 'rules'
  return (
    <Flex vertical gap="middle">
      <nav aria-label={t('sections.title')}>
        <Flex wrap gap={4}>
          {Object.entries(SECTIONS).map(([key, names]) => {
            const count = names.flatMap((name) => findingsWithin(form.findings, [name])).length
            return (
              <Button
                key={key}
                size="small"
                type={key === section ? 'primary' : 'default'}
                aria-current={key === section}
                onClick={() => write({ section: key, item: '' })}
              >
                {t(`sections.${key}`)}
                {count > 0 && (
                  <Badge
                    size="small"
                    count={count}
                    color="orange"
                    title={t('lint.found', { count })}
                  />
                )}
              </Button>
            )
          })}
        </Flex>
      </nav>
      <Section name={section} />
    </Flex>
  )
}

function Section({ name }: { name: string }) {
  const { t } = useTranslation('program')
  const { root } = useForm()
  if (name === 'rules') return <RulesSection />
  if (name === 'tiers') return <TiersSection />
  if (name === 'benefits') return <BenefitsSection />
  if (name === 'lifecycle') return <LifecycleSection />
  const properties = SECTIONS[name] ?? []
  if (name === 'head')
    return (
      <Card size="small">
        <RecordFields path={[]} schema={root} only={properties} />
      </Card>
    )
  return (
    <Flex vertical gap="middle">
      <p style={{ margin: 0 }}>{t(`sections.about.${name}`)}</p>
      {properties.map((property) => (
        <Card key={property} size="small">
          <Field path={[property]} schema={root.properties?.[property] ?? {}} />
        </Card>
      ))}
    </Flex>
  )
}
