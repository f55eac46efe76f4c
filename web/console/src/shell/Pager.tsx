/** Back and forth through a list whose pages the server names by cursors. */
import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useSearchParams } from 'react-router'

/** The cursor of the page in the address; undefined on the first page. */
export function useCursor(): string | undefined {
  return useSearchParams()[0].get('cursor') ?? undefined
}

interface Paged {
  /** The cursor that the list answered with. */
  next: string | null | undefined
  /** Whether the list is still the one of before, whose cursor leads nowhere in the one to come. */
  isOld?: boolean
}

/** Back is the browser's own way back. */
export function Pager({ next, isOld = false }: Paged) {
  const { t } = useTranslation('shared')
  const [params, setParams] = useSearchParams()
  const navigate = useNavigate()
  const depth = (useLocation().state as { depth?: number } | null)?.depth ?? 0
  const cursor = params.get('cursor')
  if (!cursor && !next) return null

  const forward = () => {
    const after = new URLSearchParams(params)
    after.set('cursor', next ?? '')
    setParams(after, { state: { depth: depth + 1 } })
  }
  const backward = () => {
    if (depth > 0) void navigate(-1)
    else {
      const after = new URLSearchParams(params)
      after.delete('cursor')
      setParams(after)
    }
  }
  return (
    <Flex justify="end" gap="small" style={{ marginTop: 12 }}>
      <Button icon={<LeftOutlined />} disabled={!cursor} onClick={backward}>
        {t('previous')}
      </Button>
      <Button
        icon={<RightOutlined />}
        iconPlacement="end"
        disabled={!next || isOld}
        onClick={forward}
      >
        {t('next')}
      </Button>
    </Flex>
  )
}
