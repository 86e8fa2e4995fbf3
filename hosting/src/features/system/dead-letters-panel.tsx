import { deadLetterDoc, type DeadLetterDoc } from '@tradewind/contracts/documents/system';
import { targets } from '@tradewind/contracts/watch-targets';
import type { EpochMs } from '@tradewind/core/lib/time';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { CommandOutcome } from '../../components/command-outcome.tsx';
import { Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import table from '../../components/table.module.css';
import { cellClass, Table } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import { useCommand } from '../../lib/use-command.ts';
import { useLoaded } from '../../lib/use-loaded.ts';
import { DiscardDialog } from './discard-dialog.tsx';
import styles from './system.module.css';

const isWaiting = ({ replayedAt, discardedAt }: DeadLetterDoc): boolean =>
  replayedAt === null && discardedAt === null;

function Row({
  letter,
  now,
  disabled,
  onReplay,
  onDiscard,
}: {
  readonly letter: DeadLetterDoc;
  readonly now: EpochMs;
  readonly disabled: boolean;
  readonly onReplay: () => void;
  readonly onDiscard: () => void;
}) {
  const { topic, payload, error, attempts, lastAt } = letter;
  return (
    <tr>
      <td className={cellClass({ from: 'medium' })}>
        <Time at={lastAt} reference={now} />
      </td>
      <th scope="row">{topic}</th>
      <td className={table['wrap']}>{error}</td>
      <td className={cellClass({ number: true, from: 'medium' })}>{attempts}</td>
      <td className={`${cellClass({ from: 'wide' })} ${table['wrap'] ?? ''}`}>{payload}</td>
      <td>
        <div className={styles['actions']}>
          <Button small disabled={disabled} onClick={onReplay}>
            Run again
          </Button>
          <Button small variant="ghost" disabled={disabled} onClick={onDiscard}>
            Discard…
          </Button>
        </div>
      </td>
    </tr>
  );
}

function Letters({
  letters,
  now,
  disabled,
}: {
  readonly letters: readonly DeadLetterDoc[];
  readonly now: EpochMs;
  readonly disabled: boolean;
}) {
  const { state, run } = useCommand('replayDeadLetter');
  const [discarding, setDiscarding] = useState<DeadLetterDoc | null>(null);
  return (
    <>
      {letters.length === 0 ? (
        <Empty title="No task is stuck">
          What failed in all of its tries waits here until you have it run again or give it up.
        </Empty>
      ) : (
        <Table
          label="Tasks that failed in all of their tries"
          columns={[
            { name: 'Failed', from: 'medium' },
            { name: 'Task' },
            { name: 'Why' },
            { name: 'Tries', number: true, from: 'medium' },
            { name: 'About', from: 'wide' },
            { name: 'Actions', hidden: true },
          ]}
        >
          {letters.map((letter) => (
            <Row
              key={letter.deadLetterId}
              letter={letter}
              now={now}
              disabled={disabled || state.kind === 'running'}
              onReplay={() => {
                const { deadLetterId } = letter;
                void run((commandId) => ({ commandId, deadLetterId }));
              }}
              onDiscard={() => {
                setDiscarding(letter);
              }}
            />
          ))}
        </Table>
      )}
      {state.kind !== 'idle' && (
        <div className={styles['facts']}>
          <CommandOutcome state={state} />
        </div>
      )}
      {discarding !== null && (
        <DiscardDialog
          letter={discarding}
          disabled={disabled}
          onClose={() => {
            setDiscarding(null);
          }}
        />
      )}
    </>
  );
}

/** Tasks that exhausted their retries, for administrators: to be run again, or given up (ARC-55). */
export function DeadLettersPanel({
  now,
  disabled,
}: {
  readonly now: EpochMs;
  readonly disabled: boolean;
}) {
  const letters = useLoaded(targets.deadLetters, deadLetterDoc);
  return (
    <Panel title="Stuck tasks">
      {letters.status === 'pending' && <Skeleton rows={2} label="Loading the stuck tasks" />}
      {letters.status === 'error' && (
        <Failed what="Stuck tasks unavailable" message={letters.message} />
      )}
      {letters.status === 'ready' && <Faults faults={letters.faults} />}
      {letters.status === 'ready' && (
        <Letters letters={letters.data.filter(isWaiting)} now={now} disabled={disabled} />
      )}
    </Panel>
  );
}
