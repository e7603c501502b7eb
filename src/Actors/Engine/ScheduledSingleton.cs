using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Engine;

/// <summary>
/// A job that runs again and again on exactly one node, such as the removal of old messages: once at a time, with
/// a fixed pause between the end of a run and the next. A run that fails is logged and tried again after a pause
/// that doubles; a stop cancels the run and waits for its end. How fast a run goes through its items is the
/// job's own affair; it reports how far it came.
/// </summary>
/// <typeparam name="TProgress">What the job reports.</typeparam>
public sealed class ScheduledSingleton<TProgress> : IProgress<TProgress>, IAsyncDisposable
    where TProgress : class
{
    private readonly string _name;
    private readonly Func<IProgress<TProgress>, CancellationToken, Task> _job;
    private readonly JobSchedule _schedule;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private JobStatus<TProgress> _status = new(IsRunning: false, Runs: 0, FailuresInARow: 0, LastCompleted: null, Progress: null);

    /// <summary>Makes the job known; <see cref="Start"/> begins.</summary>
    /// <param name="name">For the log.</param>
    /// <param name="job">One run. It reports its progress, stops when told, and throws when it could not do its work.</param>
    /// <param name="schedule">When it runs.</param>
    /// <param name="time">The router's time.</param>
    /// <param name="logger">For failures.</param>
    public ScheduledSingleton(
        string name,
        Func<IProgress<TProgress>, CancellationToken, Task> job,
        JobSchedule schedule,
        TimeProvider time,
        ILogger logger) =>
        (_name, _job, _schedule, _time, _logger) = (name, job, schedule, time, logger);

    /// <summary>What the job does and did.</summary>
    public JobStatus<TProgress> Status => Volatile.Read(ref _status);

    /// <summary>Begins to wait for the first run. Call once.</summary>
    public void Start() => _loop = RunAsync();

    /// <summary>Cancels the run and completes when it has ended.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    void IProgress<TProgress>.Report(TProgress value) => Publish(Status with { Progress = value });

    // Only the loop and the job it awaits write.
    private void Publish(JobStatus<TProgress> status) => Volatile.Write(ref _status, status);

    private async Task RunAsync()
    {
        TimeSpan pause = _schedule.FirstAfter;
        try
        {
            while (true)
            {
                await Task.Delay(pause, _time, _stop.Token);
                pause = await RunOnceAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The stop that was asked for.
            Publish(Status with { IsRunning = false });
        }
    }

    private async Task<TimeSpan> RunOnceAsync()
    {
        Publish(Status with { IsRunning = true, Progress = null });
        try
        {
            await _job(this, _stop.Token);
        }
        catch (Exception failure) when (!_stop.IsCancellationRequested)
        {
            int failures = Status.FailuresInARow + 1;
            Publish(Status with { IsRunning = false, FailuresInARow = failures });
            double doubled = _schedule.RetryFirst.Ticks * Math.Pow(2, Math.Min(failures - 1, 30));
            var delay = TimeSpan.FromTicks((long)Math.Min(doubled, _schedule.RetryLongest.Ticks));
            EngineLog.JobFailed(_logger, failure, _name, failures, delay);
            return delay;
        }

        Publish(Status with
        {
            IsRunning = false,
            Runs = Status.Runs + 1,
            FailuresInARow = 0,
            LastCompleted = _time.GetUtcNow(),
        });
        return _schedule.Interval;
    }
}

/// <summary>When a job runs.</summary>
/// <param name="FirstAfter">Before the first run.</param>
/// <param name="Interval">From the end of a run to the next.</param>
public sealed record JobSchedule(TimeSpan FirstAfter, TimeSpan Interval)
{
    /// <inheritdoc cref="Limits.JobRetryFirst"/>
    public TimeSpan RetryFirst { get; init; } = Limits.JobRetryFirst;

    /// <inheritdoc cref="Limits.JobRetryLongest"/>
    public TimeSpan RetryLongest { get; init; } = Limits.JobRetryLongest;
}

/// <summary>What a job does and did.</summary>
/// <param name="IsRunning">A run is going on.</param>
/// <param name="Runs">Runs that completed.</param>
/// <param name="FailuresInARow">Runs that failed since the last that completed.</param>
/// <param name="LastCompleted">When the last run completed.</param>
/// <param name="Progress">The last report of the current or last run.</param>
public sealed record JobStatus<TProgress>(bool IsRunning, long Runs, int FailuresInARow, DateTimeOffset? LastCompleted, TProgress? Progress)
    where TProgress : class;
