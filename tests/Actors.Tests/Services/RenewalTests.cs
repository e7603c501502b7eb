using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Tests.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using Xunit;

namespace SimplexActors.Actors.Tests.Services;

/// <summary>The connections of a service come together again after its owner changed, in whatever order they come.</summary>
public sealed class RenewalTests : IServiceReply
{
    private static readonly EntityId Id = EntityId.Random();

    private readonly TestConnection _holder = new("holder", Id);
    private readonly TestConnection _early = new("early", Id);
    private readonly TestConnection _late = new("late", Id);
    private readonly ServiceDirectory _directory = new();
    private readonly List<ServiceAnswer> _answers = [];
    private ServiceState? _state;

    [Fact]
    public void Epochs_grow_with_every_connection_and_start_where_the_owner_says()
    {
        Tell(new ServiceCommand.Join(_early, null) { Epoch = 100 });
        Tell(new ServiceCommand.Subscribe(_holder, new ServiceQueues(0, EntityId.Empty), this));
        Tell(new ServiceCommand.Join(_late, null) { Epoch = 50 });
        Assert.Equal([new Received.Joined(false, 100), new Received.Ended(null)], _early.Take());
        Assert.Equal([new Received.Joined(true, 101)], _holder.Take());
        Assert.Equal([new Received.Joined(false, 102)], _late.Take());
    }

    [Fact]
    public void The_holder_holds_again_and_who_joined_later_stays_in_every_order()
    {
        Action[] renewals = [() => Renew(_early, false, 1), () => Renew(_holder, true, 2), () => Renew(_late, false, 3)];
        foreach (int[] order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
        {
            _state = null;
            Array.ForEach(order, i => renewals[i]());
            Assert.Same(_holder, _directory.HolderOf(Id));
            Assert.True(_state!.Members!.Subscribed);
            Assert.Equal([_holder, _late], _state.Members.Connections.Select(member => member.Connection));
            Assert.Equal([new Received.Ended(null)], _early.Take());
            Assert.Empty(_holder.Take());
            Assert.Empty(_late.Take());
        }

        Assert.Equal(18, _answers.Count(answer => answer.Outcome is ServiceOutcome.Done));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_that_subscribed_the_later_holds(bool laterFirst)
    {
        (TestConnection Connection, long Epoch)[] both = [(_early, 4), (_late, 5)];
        foreach ((TestConnection connection, long epoch) in laterFirst ? both.Reverse() : both)
        {
            Renew(connection, true, epoch);
        }

        Assert.Same(_late, _directory.HolderOf(Id));
        Assert.Equal([new Received.Ended(null)], _early.Take());
        Assert.Empty(_late.Take());
    }

    [Fact]
    public void A_connection_whose_node_joined_again_has_its_place_by_the_epoch()
    {
        Renew(_holder, true, 4);
        Renew(_late, false, 5);
        var holder = new TestConnection("holder under another number", Id);
        var late = new TestConnection("late under another number", Id);
        Renew(late, false, 5);
        Renew(holder, true, 4);
        Assert.Equal([holder, late], _state!.Members!.Connections.Select(member => member.Connection));
        Assert.Same(holder, _directory.HolderOf(Id));
        Assert.All((TestConnection[])[_holder, _late, holder, late], one => Assert.Empty(one.Take()));
    }

    [Fact]
    public void A_connection_that_subscribed_again_since_is_not_set_back()
    {
        Tell(new ServiceCommand.Subscribe(_holder, new ServiceQueues(0, EntityId.Empty), this) { Epoch = 9 });
        Renew(_holder, false, 3);
        Assert.True(_state!.Members!.Subscribed);
        var again = new TestConnection("holder again", Id) { Stands = _holder };
        Renew(again, false, 3);
        Assert.True(_state!.Members!.Subscribed);
        Assert.Same(again, _directory.HolderOf(Id));
        Assert.Equal([new ServiceMember(again, 9)], _state.Members.Connections);
        Assert.Equal([new Received.Joined(true, 9)], _holder.Take());
    }

    void IServiceReply.Answer(ServiceAnswer answer) => _answers.Add(answer);

    private void Renew(TestConnection connection, bool subscribed, long epoch) => Tell(new ServiceCommand.Renew(connection, subscribed, epoch, this));

    private void Tell(ServiceCommand command)
    {
        Decision<ServiceState, ServiceChange, ServiceEffect> decision = new ServiceKind().Decide(Id, _state, command, DateTimeOffset.UnixEpoch);
        Assert.Empty(decision.Changes);
        _state = decision.State;
        var effects = new ServiceEffects(_directory);
        foreach (ServiceEffect effect in decision.Effects)
        {
            effects.Perform(Id, effect);
        }
    }
}
