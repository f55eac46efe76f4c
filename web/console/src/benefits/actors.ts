/** Who did something, in words. */
import { useTranslation } from 'react-i18next'

const KINDS = ['staff', 'key', 'client', 'cli', 'member'] as const

export function useActor(): (actor: string) => string {
  const { t } = useTranslation('benefits')
  return (actor) => {
    if (actor === 'system') return t('actor.system')
    const [head = '', ...rest] = actor.split(':')
    const kind = KINDS.find((one) => one === head)
    return kind ? t(`actor.${kind}`, { name: rest.join(':') }) : actor
  }
}
