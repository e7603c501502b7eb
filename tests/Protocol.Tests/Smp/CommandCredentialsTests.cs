using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Smp;

public class CommandCredentialsTests
{
    private const string Fine = "";

    // Answers: no authorisation and no entity, authorisation only, entity only, both.
    [Theory]
    [InlineData("CMD NO_AUTH", Fine, "CMD NO_AUTH", "CMD HAS_AUTH", SmpCommandTag.NEW)]
    [InlineData("CMD NO_ENTITY", "CMD NO_ENTITY", Fine, Fine, SmpCommandTag.SEND)]
    [InlineData("CMD NO_ENTITY", "CMD NO_ENTITY", Fine, "CMD HAS_AUTH", SmpCommandTag.LGET, SmpCommandTag.PFWD)]
    [InlineData(Fine, "CMD HAS_AUTH", "CMD HAS_AUTH", "CMD HAS_AUTH", SmpCommandTag.PING, SmpCommandTag.PRXY, SmpCommandTag.RFWD, SmpCommandTag.RSLV)]
    [InlineData(
        "CMD NO_AUTH", "CMD NO_AUTH", "CMD NO_AUTH", Fine,
        SmpCommandTag.SUB, SmpCommandTag.SUBS, SmpCommandTag.KEY, SmpCommandTag.RKEY, SmpCommandTag.LSET, SmpCommandTag.LDEL, SmpCommandTag.NKEY,
        SmpCommandTag.NDEL, SmpCommandTag.GET, SmpCommandTag.ACK, SmpCommandTag.OFF, SmpCommandTag.DEL, SmpCommandTag.QUE, SmpCommandTag.SKEY,
        SmpCommandTag.LKEY, SmpCommandTag.NSUB, SmpCommandTag.NSUBS)]
    [Spec("S-178", "S-179", "S-180", "S-181", "S-182")]
    public void Credentials_must_have_the_shape_of_the_command(string none, string authorised, string entity, string both, params SmpCommandTag[] tags)
    {
        foreach (SmpCommandTag tag in tags)
        {
            Assert.Equal(none, Answer(CommandCredentials.Check(tag, hasAuthorisation: false, entityIdIsEmpty: true)));
            Assert.Equal(authorised, Answer(CommandCredentials.Check(tag, hasAuthorisation: true, entityIdIsEmpty: true)));
            Assert.Equal(entity, Answer(CommandCredentials.Check(tag, hasAuthorisation: false, entityIdIsEmpty: false)));
            Assert.Equal(both, Answer(CommandCredentials.Check(tag, hasAuthorisation: true, entityIdIsEmpty: false)));
        }
    }

    [Theory]
    [InlineData(CommandParty.Creator, ServiceRole.Messaging, "NEW")]
    [InlineData(CommandParty.Recipient, ServiceRole.Messaging, "SUB KEY RKEY LSET LDEL NKEY NDEL GET ACK OFF DEL QUE")]
    [InlineData(CommandParty.RecipientService, ServiceRole.Messaging, "SUBS")]
    [InlineData(CommandParty.Sender, ServiceRole.Messaging, "SKEY SEND")]
    [InlineData(CommandParty.IdleClient, null, "PING")]
    [InlineData(CommandParty.LinkClient, ServiceRole.Messaging, "LKEY LGET")]
    [InlineData(CommandParty.Notifier, ServiceRole.Notifier, "NSUB")]
    [InlineData(CommandParty.NotifierService, ServiceRole.Notifier, "NSUBS")]
    [InlineData(CommandParty.ProxiedClient, ServiceRole.Messaging, "PRXY PFWD")]
    [InlineData(CommandParty.ProxyService, ServiceRole.Proxy, "RFWD")]
    [InlineData(CommandParty.Resolver, ServiceRole.Messaging, "RSLV")]
    [Spec("S-145", "S-147", "S-161", "S-164", "S-165", "S-168", "S-169", "S-183")]
    public void Every_command_has_one_party_and_its_role(CommandParty party, ServiceRole? role, string tags)
    {
        var expected = tags.Split(' ').Select(Enum.Parse<SmpCommandTag>).ToHashSet();
        foreach (SmpCommandTag tag in Enum.GetValues<SmpCommandTag>())
        {
            Assert.Equal(expected.Contains(tag), CommandParties.PartyOf(tag) == party);
            if (expected.Contains(tag))
            {
                Assert.Equal(role, CommandParties.RoleOf(tag));
            }
        }
    }

    [Theory]
    [InlineData(6, 16088)]
    [InlineData(7, 16088)]
    [InlineData(8, 16064)]
    [InlineData(10, 16064)]
    [InlineData(11, 16048)]
    [InlineData(20, 16048)]
    [Spec("S-276")]
    public void Largest_body_depends_on_the_version(ushort version, int bytes) => Assert.Equal(bytes, SmpSizes.MaxBody(version));

    private static string Answer(SmpError? error) => error?.ToString() ?? Fine;
}
