using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>What the operator allows, and the answers of roles that this router does not have.</summary>
public sealed class PolicyTests(PolicyTests.WithPassword fixture) : IClassFixture<PolicyTests.WithPassword>
{
    /// <summary>A router that asks for a password.</summary>
    public sealed class WithPassword : RouterFixture
    {
        protected override string[] Settings => ["queues.create_password=correct-horse", "proxy.enabled=off"];
    }

    private readonly TestRouter _router = fixture.Router;

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(20)]
    [Spec("S-227", "S-496")]
    public async Task Queues_are_created_with_the_password_only(int version)
    {
        await using Wire wire = await _router.ConnectWireAsync(version);
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        foreach (string? wrong in new[] { null, "wrong", "correct-hors", "correct-horsey" })
        {
            Answer refused = await CreateAsync(wrong, key);
            Assert.Equal((SmpError.Auth, true), (refused.Error, refused.Entity.IsEmpty));
        }

        using var other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        Assert.Equal(SmpError.Auth, (await CreateAsync("correct-horse", other)).Error);
        Assert.IsType<IdsResponse>((await CreateAsync("correct-horse", key)).Response);

        async Task<Answer> CreateAsync(string? password, PrivateKey signer) => Assert.Single(await wire.AskAsync(wire.Command(
            new NewCommand(key.Public, dhKey.Public, password, Subscribe: true, QueueMode.Messaging, null, null), default, signer)));
    }

    [Fact]
    [Spec("S-227", "S-416")]
    public async Task A_router_can_refuse_new_queues()
    {
        using var folder = new TemporaryFolder();
        RecipientQueue queue;
        await using (TestRouter open = await TestRouter.StartAsync(folder.Path))
        {
            await using Peer owner = await open.ConnectAsync();
            queue = await owner.Client.CreateQueueAsync(new NewQueue { Password = "ignored" });
            await open.StopAsync(RouterProgram.Sigterm);
        }

        await using TestRouter closed = await TestRouter.StartAsync(folder.Path, "queues.new_queues=off");
        await using Wire wire = await closed.ConnectWireAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        var create = new NewCommand(key.Public, dhKey.Public, null, Subscribe: true, QueueMode.Messaging, null, null);
        Answer refused = Assert.Single(await wire.AskAsync(wire.Command(create, default, key)));
        Assert.Equal((SmpError.Auth, true), (refused.Error, refused.Entity.IsEmpty));
        Assert.IsType<SokResponse>(await wire.AskAsync("SUB", queue.RecipientId, queue.Key));
        queue.Dispose();
    }

    [Fact]
    [Spec("S-337", "S-344", "S-358")]
    public async Task Roles_that_the_router_does_not_have_are_refused()
    {
        await using Wire wire = await _router.ConnectWireAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        IReadOnlyList<Answer> answers = await wire.AskAsync(
            wire.Command(new PrxyCommand([.. _router.Address.Hosts], _router.Address.Port, _router.Address.Fingerprint, "correct-horse"), default),
            wire.Command(new PfwdCommand(20, key.Public, new byte[100]), EntityId.Random()),
            wire.Command(new RslvCommand("alice.simplex"), default),
            wire.Command("PING"));
        Assert.Equal([SmpError.ProxyBasicAuth, SmpError.ProxyNoSession, SmpError.NameNoResolver, null], answers.Select(answer => answer.Error));
    }

    [Fact]
    [Spec("S-180", "S-181")]
    public async Task Commands_of_other_roles_carry_what_they_must()
    {
        await using Wire wire = await _router.ConnectWireAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var agreed = PrivateKey.Generate(KeyAlgorithm.X25519);
        var forward = new PfwdCommand(20, agreed.Public, new byte[100]);
        var connect = new PrxyCommand([.. _router.Address.Hosts], _router.Address.Port, _router.Address.Fingerprint, null);
        var entity = EntityId.Random();
        IReadOnlyList<Answer> answers = await wire.AskAsync(
            wire.Command(forward, default),
            wire.Command(forward, entity, key),
            wire.Command(connect, entity),
            wire.Command(connect, default, key),
            wire.Command(new RfwdCommand(new byte[100]), entity),
            wire.Command(new RslvCommand("alice.simplex"), entity),
            wire.Command(new RslvCommand("alice.simplex"), default, key));
        Assert.Equal(CmdError.NoEntity, answers[0].Error);
        Assert.All(answers.Skip(1), answer => Assert.Equal(CmdError.HasAuth, answer.Error));
    }

    [Fact]
    [Spec("S-144")]
    public async Task Commands_of_services_are_refused_outside_a_service_session()
    {
        await using Wire wire = await _router.ConnectWireAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        IReadOnlyList<Answer> answers = await wire.AskAsync(
            wire.Command(new SubsCommand(ServiceQueuesOf(0)), EntityId.Random(), key),
            wire.Command(new NsubsCommand(ServiceQueuesOf(0)), EntityId.Random(), key));
        Assert.All(answers, answer => Assert.Equal(SmpError.Service, answer.Error));

        static ServiceQueues ServiceQueuesOf(long count) => new(count, ServiceQueues.EmptyHash);
    }
}
