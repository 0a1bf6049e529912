import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { addOne, type Counter, counterQuery } from './counters.js';

/** A counter that is loaded while the page is there. */
export function PlainCounter({ name }: { name: string }) {
  const { data, isPending, isError } = useQuery(counterQuery(name));
  return <Shown name={name} value={isPending ? 'loading' : isError && !data ? 'failed' : data?.count} />;
}

/** A counter that takes the place of a fallback. */
export function SuspendedCounter({ name }: { name: string }) {
  return (
    <Suspense fallback={<Shown name={name} value="loading" />}>
      <LoadedCounter name={name} />
    </Suspense>
  );
}

function LoadedCounter({ name }: { name: string }) {
  const { data } = useSuspenseQuery(counterQuery(name));
  return <Shown name={name} value={data.count} />;
}

/** A counter that may be loaded before it is shown. */
export function FoldedCounter({ name }: { name: string }) {
  const queryClient = useQueryClient();
  const [isLoaded, setLoaded] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const prefetch = async () => {
    await queryClient.prefetchQuery(counterQuery(name));
    setLoaded(true);
  };
  if (isOpen) return <PlainCounter name={name} />;
  return (
    <p>
      <button type="button" onClick={() => void prefetch()}>
        {isLoaded ? 'Loaded' : 'Prefetch'} {name}
      </button>
      <button type="button" onClick={() => setOpen(true)}>
        Show {name}
      </button>
    </p>
  );
}

/** A counter that shows what it will be before the server has said so. */
export function OptimisticCounter({ name }: { name: string }) {
  const queryClient = useQueryClient();
  const { queryKey } = counterQuery(name);
  const add = useMutation({
    mutationKey: queryKey,
    mutationFn: () => addOne(name),
    onMutate: async () => {
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, (old?: Counter) => old && { ...old, count: old.count + 1 });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
  });
  return (
    <>
      <PlainCounter name={name} />
      <button type="button" onClick={() => add.mutate()}>
        Add to {name}
      </button>
    </>
  );
}

function Shown({ name, value }: { name: string; value: string | number | undefined }) {
  return <output aria-label={name}>{value}</output>;
}
