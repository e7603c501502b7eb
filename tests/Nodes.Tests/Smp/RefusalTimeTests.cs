using SimplexActors.Actors;
using SimplexActors.Nodes.Edges.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Smp;

/// <summary>Whatever the work of a refusal was, its answer leaves at the same time.</summary>
[Spec("S-139", "S-140", "S-429")]
public sealed class RefusalTimeTests : ITurnTaker
{
    private static readonly ErrResponse Auth = new(SmpError.Auth);
    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    void ITurnTaker.Wake() => _woken.TrySetResult();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_refusal_leaves_a_fixed_time_after_its_block_came(int workMilliseconds)
    {
        TimeSpan due = Limits.RefusalTime + Limits.RefusalTimePerCommand;
        var block = new CommandBlock(this, _time, [new CommandSlot()]);
        _time.Advance(TimeSpan.FromMilliseconds(workMilliseconds));
        block.Reply(0, Auth);
        Assert.False(block.IsAnswered);

        _time.Advance(due - TimeSpan.FromMilliseconds(workMilliseconds) - TimeSpan.FromTicks(1));
        Assert.False(block.IsAnswered);
        Assert.False(_woken.Task.IsCompleted);

        _time.Advance(TimeSpan.FromTicks(1));
        await _woken.Task;
        Assert.True(block.IsAnswered);
    }

    [Fact]
    public void One_refusal_holds_back_the_whole_block()
    {
        var block = new CommandBlock(this, _time, [new CommandSlot(), new CommandSlot()]);
        block.Reply(1, new ErrResponse(SmpError.Service));
        block.Reply(0, OkResponse.Instance);
        Assert.False(block.IsAnswered);
        Assert.False(_woken.Task.IsCompleted);
    }

    [Fact]
    public void Other_answers_leave_at_once()
    {
        var block = new CommandBlock(this, _time, [new CommandSlot()]);
        block.Reply(0, new ErrResponse(SmpError.Quota));
        Assert.True(block.IsAnswered);
        Assert.True(_woken.Task.IsCompleted);
    }

    [Fact]
    public void A_refusal_that_took_longer_leaves_when_it_is_there()
    {
        var block = new CommandBlock(this, _time, [new CommandSlot()]);
        _time.Advance(TimeSpan.FromSeconds(1));
        block.Reply(0, Auth);
        Assert.True(block.IsAnswered);
    }
}
