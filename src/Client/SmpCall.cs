using System.Runtime.CompilerServices;

namespace SimplexActors.Client;

/// <summary>
/// A command on its way. <c>await call</c> gives its value or throws <see cref="SmpException"/>;
/// <c>await call.AsResult()</c> gives an <see cref="SmpResult{T}"/> and throws only when it was cancelled.
/// Await it once, as a <see cref="ValueTask{T}"/>. The command is sent whether or not anybody awaits it.
/// </summary>
/// <typeparam name="T">What the command returns.</typeparam>
public readonly struct SmpCall<T>
{
    private readonly ValueTask<SmpResult<T>> _result;

    internal SmpCall(ValueTask<SmpResult<T>> result) => _result = result;

    /// <summary>Waits for the result without throwing on failure.</summary>
    /// <exception cref="OperationCanceledException">From the await: the command's token was cancelled.</exception>
    public ValueTask<SmpResult<T>> AsResult() => _result;

    /// <summary>The same as a task, for combinators such as <see cref="Task.WhenAll(IEnumerable{Task})"/>.</summary>
    public async Task<T> AsTask() => (await _result).Value;

    /// <summary>For <c>await</c>.</summary>
    public Awaiter GetAwaiter() => new(_result.GetAwaiter());

    /// <summary>Takes the value out of the result.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion
    {
        private readonly ValueTaskAwaiter<SmpResult<T>> _inner;

        internal Awaiter(ValueTaskAwaiter<SmpResult<T>> inner) => _inner = inner;

        /// <summary>True when the router has answered.</summary>
        public bool IsCompleted => _inner.IsCompleted;

        /// <summary>The value.</summary>
        /// <exception cref="SmpException">The command failed.</exception>
        public T GetResult() => _inner.GetResult().Value;

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => _inner.OnCompleted(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => _inner.UnsafeOnCompleted(continuation);
    }
}
