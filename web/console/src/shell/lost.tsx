/** Pages for an address that leads nowhere, and for a page that broke. */
import { problemOf, useProblemText } from '@regulars/shared/problems'
import { Button, Result } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useRouteError } from 'react-router'

export function LostPage() {
  const { t } = useTranslation('shell')
  return (
    <Result
      status="404"
      title={<Head text={t('lost.title')} />}
      subTitle={t('lost.text')}
      extra={<Link to="/">{t('lost.home')}</Link>}
    />
  )
}

/** A fault of ours: said, with the way on, and left to be seen in the browser's own log. */
export function BrokenPage() {
  const { t } = useTranslation('shell')
  const text = useProblemText()
  const { title, detail } = text(problemOf(useRouteError()))
  return (
    <Result
      status="error"
      title={<Head text={t('broken.title')} />}
      subTitle={detail || title}
      extra={<Button onClick={() => location.reload()}>{t('broken.reload')}</Button>}
    />
  )
}

function Head({ text }: { text: string }) {
  return <h1 style={{ font: 'inherit', margin: 0 }}>{text}</h1>
}
