using SimplexActors.Actors;
using SimplexActors.Nodes.Edges.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Smp;

/// <summary>Whatever the work of a refusal was, its answer leaves at the same time.</summary>
[Spec("S-139", "S-140", "S-429")]
public sealed class RefusalTimeTests : ITurnTaker, IAsyncDisposable
{
    private static readonly ErrResponse Auth = new(SmpError.Auth);
    private readonly ManualTimeProvider _time = new();
    private readonly RefusalClock _clock;
    private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RefusalTimeTests() => _clock = new RefusalClock(_time);

    public ValueTask DisposeAsync() => _clock.DisposeAsync();

    void ITurnTaker.Wake() => _woken.TrySetResult();

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.7)]
    [InlineData(3.3)]
    [InlineData(5.9)]
    public async Task A_refusal_leaves_at_the_same_tick_whatever_its_work_took(double workMilliseconds)
    {
        var work = TimeSpan.FromMilliseconds(workMilliseconds);
        TimeSpan due = 2 * Limits.RefusalTick;
        Assert.InRange(Limits.RefusalTime + Limits.RefusalTimePerCommand, Limits.RefusalTick, due);
        var block = new CommandBlock(this, _clock, [new CommandSlot()]);
        _time.Advance(work);
        block.Reply(0, Auth);
        Assert.False(block.IsAnswered);

        _time.Advance(due - work - TimeSpan.FromTicks(1));
        Assert.False(block.IsAnswered);
        Assert.False(_woken.Task.IsCompleted);

        _time.Advance(TimeSpan.FromTicks(1));
        await _woken.Task;
        Assert.True(block.IsAnswered);
    }

    [Fact]
    public async Task A_refusal_leaves_also_when_the_clock_stood_meanwhile()
    {
        var slow = new CommandBlock(this, _clock, [.. Enumerable.Range(0, 200).Select(_ => new CommandSlot())]);
        _time.Advance(Limits.RefusalClockRest + Limits.RefusalTick);
        var block = new CommandBlock(this, _clock, [new CommandSlot()]);
        _time.Advance(2 * Limits.RefusalClockRest);
        block.Reply(0, Auth);
        await _woken.Task;
        Assert.True(block.IsAnswered);
        Assert.False(slow.IsAnswered);
    }

    [Fact]
    public void One_refusal_holds_back_the_whole_block()
    {
        var block = new CommandBlock(this, _clock, [new CommandSlot(), new CommandSlot()]);
        block.Reply(1, new ErrResponse(SmpError.Service));
        block.Reply(0, OkResponse.Instance);
        Assert.False(block.IsAnswered);
        Assert.False(_woken.Task.IsCompleted);
    }

    [Fact]
    public void Other_answers_leave_at_once()
    {
        var block = new CommandBlock(this, _clock, [new CommandSlot()]);
        block.Reply(0, new ErrResponse(SmpError.Quota));
        Assert.True(block.IsAnswered);
        Assert.True(_woken.Task.IsCompleted);
    }

    [Fact]
    public void A_refusal_that_took_longer_leaves_when_it_is_there()
    {
        var block = new CommandBlock(this, _clock, [new CommandSlot()]);
        _time.Advance(TimeSpan.FromSeconds(1));
        block.Reply(0, Auth);
        Assert.True(block.IsAnswered);
    }
}
