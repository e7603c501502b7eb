namespace SimplexActors.Actors.Engine;

/// <summary>
/// Threads that run calls which block, away from the thread pool. Each thread owns one context (such as a
/// database connection with its statements); calls are taken in order from one bounded queue.
/// </summary>
/// <typeparam name="TContext">What a thread owns.</typeparam>
internal sealed class WorkerThreads<TContext> : IAsyncDisposable
    where TContext : class, IDisposable
{
    private readonly Queue<Call> _waiting = new();
    private readonly Action<TContext>? _afterEach;
    private readonly List<TaskCompletionSource> _ended = [];
    private readonly int _capacity;
    private bool _closed;

    private WorkerThreads(int capacity, Action<TContext>? afterEach)
    {
        _capacity = capacity;
        _afterEach = afterEach;
    }

    /// <summary>Starts threads and opens their contexts.</summary>
    /// <param name="name">Name of the threads.</param>
    /// <param name="count">How many.</param>
    /// <param name="capacity">Calls that may wait; more are refused.</param>
    /// <param name="open">Opens one context; its exceptions come out of this method.</param>
    /// <param name="afterEach">Runs after each call, when its result was handed out. Must not throw.</param>
    public static async Task<WorkerThreads<TContext>> StartAsync(string name, int count, int capacity, Func<TContext> open, Action<TContext>? afterEach = null)
    {
        var workers = new WorkerThreads<TContext>(capacity, afterEach);
        try
        {
            for (int i = 0; i < count; i++)
            {
                var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                workers._ended.Add(ended);
                new Thread(() => workers.Run(open, opened, ended)) { IsBackground = true, Name = name }.Start();
                await opened.Task;
            }
        }
        catch
        {
            await workers.DisposeAsync();
            throw;
        }

        return workers;
    }

    /// <summary>Runs <paramref name="work"/> on one of the threads.</summary>
    /// <exception cref="StoreUnavailableException">The store is closed, or too many calls wait.</exception>
    public Task<TResult> RunAsync<TResult>(Func<TContext, TResult> work, CancellationToken cancellation)
    {
        var call = new Call<TResult>(work, cancellation);
        lock (_waiting)
        {
            if (_closed)
            {
                throw new StoreUnavailableException("The store is closed.");
            }

            if (_waiting.Count >= _capacity)
            {
                throw new StoreUnavailableException($"{_capacity} calls wait for the store already.");
            }

            _waiting.Enqueue(call);
            Monitor.Pulse(_waiting);
        }

        return call.Task;
    }

    /// <summary>Finishes the calls that wait, then closes the contexts.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_waiting)
        {
            _closed = true;
            Monitor.PulseAll(_waiting);
        }

        await Task.WhenAll(_ended.Select(ended => ended.Task));
    }

    private void Run(Func<TContext> open, TaskCompletionSource opened, TaskCompletionSource ended)
    {
        try
        {
            using TContext context = open();
            opened.SetResult();
            while (Take() is { } call)
            {
                call.Run(context);
                _afterEach?.Invoke(context);
            }
        }
        catch (Exception fault) when (opened.TrySetException(fault))
        {
            // StartAsync throws it.
        }
        finally
        {
            ended.SetResult();
        }
    }

    private Call? Take()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                if (_closed)
                {
                    return null;
                }

                Monitor.Wait(_waiting);
            }

            return _waiting.Dequeue();
        }
    }

    private abstract class Call
    {
        public abstract void Run(TContext context);
    }

    private sealed class Call<TResult>(Func<TContext, TResult> work, CancellationToken cancellation) : Call
    {
        private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TResult> Task => _result.Task;

        public override void Run(TContext context)
        {
            if (cancellation.IsCancellationRequested)
            {
                _result.SetCanceled(cancellation);
                return;
            }

            try
            {
                _result.SetResult(work(context));
            }
            catch (Exception fault)
            {
                _result.SetException(fault);
            }
        }
    }
}
